package io.perch.resourceserver.security;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import io.perch.resourceserver.events.FollowedUserEvents;
import io.perch.resourceserver.events.UserEvent;
import io.perch.resourceserver.events.UserEventLog;
import io.perch.resourceserver.security.Revocation.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Keeps {@link RevokedTokens} up to date: from the database and from Kafka at the start, before the first request is taken, and
 * from Kafka from then on. An end counts as soon as it is read, and is written to the database a moment later.
 */
class Revocations implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Revocations.class);
    private static final int SAVED_AT_ONCE = 1_000;
    private static final int MOST_UNSAVED = 100_000;

    private final RevokedTokens revoked;
    private final RevocationStore store;
    private final UserEventLog events;
    private final ApplicationEventPublisher listeners;
    private final RevocationProperties properties;
    private final Clock clock;
    private final SessionEnds ends;
    private final Timer delay;
    private final BlockingQueue<Revocation> unsaved = new LinkedBlockingQueue<>(MOST_UNSAVED);
    private volatile @Nullable FollowedUserEvents followed;
    private volatile boolean loaded;

    Revocations(
            RevokedTokens revoked,
            RevocationStore store,
            UserEventLog events,
            ApplicationEventPublisher listeners,
            RevocationProperties properties,
            Clock clock,
            MeterRegistry meters) {
        this.revoked = revoked;
        this.store = store;
        this.events = events;
        this.listeners = listeners;
        this.properties = properties;
        this.clock = clock;
        this.ends = new SessionEnds(revoked, properties.remembered());
        this.delay = Timer.builder("perch.security.revocation.delay")
                .description("From when a session ended, by Keycloak's clock, until its tokens are refused here")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(30))
                .register(meters);
        bind(meters);
    }

    private void bind(MeterRegistry meters) {
        for (Kind kind : Kind.values()) {
            Gauge.builder("perch.security.revocations", revoked, held -> held.size(kind))
                    .description("Ends of sessions that are remembered, by what ended")
                    .tag("kind", kind.wireName())
                    .register(meters);
        }
        Gauge.builder("perch.security.revocations.unsaved", unsaved, BlockingQueue::size)
                .description("Ends of sessions that are not in the database yet")
                .register(meters);
        Gauge.builder("perch.security.events.lag", this, now -> now.lag())
                .description("Events of users that are in Kafka and were not read yet")
                .register(meters);
        TimeGauge.builder("perch.security.events.silence", this, TimeUnit.MILLISECONDS, now -> now.silence()
                        .toMillis())
                .description("How long Kafka has not answered; above a few seconds, ends of sessions may be missed")
                .register(meters);
    }

    /**
     * Returns whether tokens can be judged: what Kafka remembers was read, or what the database does. Otherwise it is not known
     * who was signed out before this instance started.
     */
    boolean isReady() {
        FollowedUserEvents reading = followed;
        return loaded || (reading != null && reading.isCaughtUp());
    }

    @Override
    public void start() {
        load();
        FollowedUserEvents reading =
                events.follow("perch-revocations", () -> clock.instant().minus(properties.remembered()), this::onEvent);
        followed = reading;
        try {
            if (!reading.awaitCaughtUp(properties.startPatience())) {
                log.warn(
                        "Events of users are not read up to now; until they are, ends of sessions are known from {}",
                        loaded ? "the database" : "nowhere, and no token is accepted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        FollowedUserEvents reading = followed;
        if (reading != null) {
            reading.close();
        }
        followed = null;
        save();
    }

    @Override
    public boolean isRunning() {
        return followed != null;
    }

    /** Before the web server starts, and after it stopped. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
    }

    private void load() {
        try {
            store.read(clock.instant(), this::hold);
            loaded = true;
        } catch (DataAccessException e) {
            log.warn("Ends of sessions cannot be read from the database: {}", e.getMessage());
        }
    }

    private void onEvent(UserEvent event) {
        Instant now = clock.instant();
        for (Revocation end : ends.endedBy(event)) {
            if (end.expiresAt().isAfter(now) && hold(end)) {
                log.info(
                        "user_id={} kind={} event={} tokens are refused",
                        end.userId(),
                        end.kind().wireName(),
                        event.id());
                if (!unsaved.offer(end)) {
                    log.warn("event={} is kept by Kafka only: the database does not keep up", event.id());
                }
                publish(event, end, now);
            }
        }
    }

    private boolean hold(Revocation end) {
        if (revoked.isFull()) {
            Instant now = clock.instant();
            revoked.giveWay(Revocation.ofRealm(Revocation.after(now), now, properties.remembered()));
            listeners.publishEvent(new SessionRevoked(null));
        }
        return revoked.add(end);
    }

    private void publish(UserEvent event, Revocation end, Instant now) {
        FollowedUserEvents reading = followed;
        if (reading != null && reading.isCaughtUp()) {
            delay.record(Duration.between(event.time(), now));
        }
        try {
            listeners.publishEvent(new SessionRevoked(end.userId()));
        } catch (RuntimeException e) {
            log.error("event={} the end of a session was not taken by all", event.id(), e);
        }
    }

    @Scheduled(fixedDelayString = "200ms")
    void save() {
        List<Revocation> batch = new ArrayList<>();
        while (unsaved.drainTo(batch, SAVED_AT_ONCE) > 0) {
            try {
                store.save(batch);
                batch.clear();
            } catch (DataAccessException e) {
                log.warn("{} ends of sessions are written later: {}", batch.size(), e.getMessage());
                batch.forEach(unsaved::offer);
                return;
            }
        }
    }

    /** Forgets what cannot matter any more, and tries again what the start could not do. */
    @Scheduled(fixedDelayString = "10s", initialDelayString = "10s")
    void tend() {
        Instant now = clock.instant();
        revoked.forget(now);
        if (!isReady()) {
            load();
        }
        try {
            store.forget(now);
        } catch (DataAccessException e) {
            log.debug("Old ends of sessions stay in the database: {}", e.getMessage());
        }
    }

    private long lag() {
        FollowedUserEvents reading = followed;
        return reading == null ? 0 : reading.lag();
    }

    private Duration silence() {
        FollowedUserEvents reading = followed;
        return reading == null ? Duration.ZERO : reading.silence();
    }
}
