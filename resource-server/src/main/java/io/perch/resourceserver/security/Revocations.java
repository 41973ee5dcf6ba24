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
 * Keeps {@link RevokedTokens} up to date. At the start, before the first request, it reads revocations from the database and
 * events from Kafka. Then it follows the events. A revocation takes effect as soon as its event is read. It is saved to the
 * database shortly after.
 */
class Revocations implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Revocations.class);
    private static final int SAVE_BATCH_SIZE = 1_000;
    private static final int MAX_UNSAVED = 100_000;

    private final RevokedTokens revoked;
    private final RevocationStore store;
    private final UserEventLog events;
    private final ApplicationEventPublisher listeners;
    private final RevocationProperties properties;
    private final Clock clock;
    private final SessionEnds ends;
    private final Timer delay;
    private final BlockingQueue<Revocation> unsaved = new LinkedBlockingQueue<>(MAX_UNSAVED);
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
                .description(
                        "Time from the end of a session, by Keycloak's clock, until this instance refuses its tokens")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(1))
                .maximumExpectedValue(Duration.ofSeconds(30))
                .register(meters);
        bind(meters);
    }

    private void bind(MeterRegistry meters) {
        for (Kind kind : Kind.values()) {
            Gauge.builder("perch.security.revocations", revoked, held -> held.size(kind))
                    .description("Revocations in memory, by kind")
                    .tag("kind", kind.wireName())
                    .register(meters);
        }
        Gauge.builder("perch.security.revocations.unsaved", unsaved, BlockingQueue::size)
                .description("Revocations that are not in the database yet")
                .register(meters);
        Gauge.builder("perch.security.events.lag", this, now -> now.lag())
                .description("User events in Kafka that are not read yet")
                .register(meters);
        TimeGauge.builder("perch.security.events.silence", this, TimeUnit.MILLISECONDS, now -> now.silence()
                        .toMillis())
                .description("Time since Kafka last answered; above a few seconds, ends of sessions may be missed")
                .register(meters);
    }

    /**
     * Returns whether tokens can be validated: the revocations were read from Kafka or from the database. Otherwise sessions that
     * ended before the start are unknown.
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
            if (!reading.awaitCaughtUp(properties.startTimeout())) {
                log.warn(
                        "The user events in Kafka are not all read yet; until then, revocations come from {}",
                        loaded ? "the database" : "nowhere, and every token is refused");
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

    /** Starts before the web server and stops after it. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
    }

    private void load() {
        try {
            store.read(clock.instant(), this::add);
            loaded = true;
        } catch (DataAccessException e) {
            log.warn("Revocations cannot be read from the database: {}", e.getMessage());
        }
    }

    private void onEvent(UserEvent event) {
        Instant now = clock.instant();
        for (Revocation end : ends.endedBy(event)) {
            if (end.expiresAt().isAfter(now) && add(end)) {
                log.info(
                        "user_id={} kind={} event={} tokens are refused",
                        end.userId(),
                        end.kind().wireName(),
                        event.id());
                if (!unsaved.offer(end)) {
                    log.warn(
                            "event={} is not saved to the database, because the queue of unsaved revocations is full",
                            event.id());
                }
                publish(event, end, now);
            }
        }
    }

    private boolean add(Revocation end) {
        if (revoked.isFull()) {
            Instant now = clock.instant();
            revoked.replaceAllWith(Revocation.ofRealm(Revocation.after(now), now, properties.remembered()));
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
            log.error("event={} a listener failed for an ended session", event.id(), e);
        }
    }

    @Scheduled(fixedDelayString = "200ms")
    void save() {
        List<Revocation> batch = new ArrayList<>();
        while (unsaved.drainTo(batch, SAVE_BATCH_SIZE) > 0) {
            try {
                store.save(batch);
                batch.clear();
            } catch (DataAccessException e) {
                log.warn("{} revocations are not saved, trying again: {}", batch.size(), e.getMessage());
                batch.forEach(unsaved::offer);
                return;
            }
        }
    }

    /** Removes expired revocations, and loads them from the database if the start could not. */
    @Scheduled(fixedDelayString = "10s", initialDelayString = "10s")
    void cleanUp() {
        Instant now = clock.instant();
        revoked.removeExpired(now);
        if (!isReady()) {
            load();
        }
        try {
            store.deleteExpired(now);
        } catch (DataAccessException e) {
            log.debug("Expired revocations are not deleted from the database: {}", e.getMessage());
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
