package io.perch.resourceserver.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.live.EventStream.End;
import io.perch.resourceserver.security.RevokedTokens;
import io.perch.resourceserver.security.SessionClaims;
import io.perch.resourceserver.security.SessionRevoked;
import io.perch.resourceserver.task.ChangedTasks;
import io.perch.resourceserver.task.TaskChanged;
import io.perch.resourceserver.task.TaskSnapshot;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * The open streams of this instance. An update is passed to the streams of its user only. When the server stops, all streams end
 * first, so that the shutdown does not wait for them.
 */
@Component
class LiveStreams implements SmartLifecycle {

    /** How many tasks a client gets in the initial state, and how many missed changes are read at once. */
    static final int SNAPSHOT = 100;

    private static final Duration STOPPING_RETRY_DELAY = Duration.ofSeconds(5);

    /** How many streams may read their initial state at the same time; less than half of the database connections. */
    private static final int READS = 32;

    private static final Duration READ_TIMEOUT = Duration.ofSeconds(20);

    private final LiveProperties properties;
    private final JsonMapper mapper;
    private final RevokedTokens revoked;
    private final MeterRegistry meters;
    private final Counter sent;
    private final ConcurrentMap<String, List<EventStream>> byUser = new ConcurrentHashMap<>();
    private final AtomicInteger size = new AtomicInteger();
    private final Semaphore reads = new Semaphore(READS, true);
    private volatile boolean running;

    LiveStreams(LiveProperties properties, JsonMapper mapper, RevokedTokens revoked, MeterRegistry meters) {
        this.properties = properties;
        this.mapper = mapper;
        this.revoked = revoked;
        this.meters = meters;
        this.sent = Counter.builder("perch.live.events")
                .description("Events sent to clients")
                .register(meters);
        Gauge.builder("perch.live.clients", size, AtomicInteger::get)
                .description("Open event streams")
                .register(meters);
        for (End reason : End.values()) {
            ended(reason);
        }
    }

    /**
     * Opens a stream. It receives updates from now on.
     *
     * @param session the user and the session of the access token
     * @param taskId the only task that it sends; null for all of the user's tasks
     * @param life how long it may be open
     * @throws ProblemException 429 if the user has too many streams, 503 if this instance has
     */
    EventStream open(SessionClaims session, @Nullable String taskId, Duration life) {
        long deadline = System.nanoTime() + life.toNanos();
        EventStream stream = new EventStream(session, taskId, deadline, properties.queue(), sent, this::unregister);
        if (size.incrementAndGet() > properties.streams() || !running) {
            size.decrementAndGet();
            throw new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "This server accepts no more event streams now")
                    .retryAfter(running ? properties.heartbeat() : STOPPING_RETRY_DELAY);
        }
        if (!register(stream)) {
            size.decrementAndGet();
            throw new ProblemException(
                            ProblemType.TOO_MANY_REQUESTS,
                            "You have %d event streams open already".formatted(properties.streamsPerUser()))
                    .retryAfter(properties.heartbeat());
        }
        if (!running) {
            stream.end(End.STOPPED);
        }
        // The session may have ended between the verification of the token and the registration of this stream
        endRevoked(List.of(stream));
        return stream;
    }

    /**
     * Reads the initial state of a stream, with limited concurrency. After an outage all clients reconnect at the same time.
     * Without a limit, all would query the database at once, and most would fail because no connection is free in time.
     *
     * @throws ProblemException 503 if too many other streams are being opened
     */
    <T> T read(Supplier<T> query) {
        boolean admitted = false;
        try {
            admitted = reads.tryAcquire(READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!admitted) {
            throw new ProblemException(ProblemType.SERVICE_UNAVAILABLE, "Too many event streams are being opened")
                    .retryAfter(properties.heartbeat());
        }
        try {
            return query.get();
        } finally {
            reads.release();
        }
    }

    /** Sends a change that this instance made. */
    @EventListener
    void onChange(TaskChanged changed) {
        if (hasStreams(changed.task().userId())) {
            send(changed.snapshot());
        }
    }

    boolean hasStreams(String userId) {
        return byUser.containsKey(userId);
    }

    /** Sends a task to the streams of its owner. */
    void send(TaskSnapshot snapshot) {
        List<EventStream> streams = byUser.get(snapshot.userId());
        if (streams != null) {
            TaskUpdate update = update(snapshot);
            streams.forEach(stream -> stream.onUpdate(update));
        }
    }

    /** Ends streams whose session has ended. */
    @EventListener
    void onSessionRevoked(SessionRevoked ended) {
        endRevoked(ended.userId() == null ? all() : byUser.getOrDefault(ended.userId(), List.of()));
    }

    private void endRevoked(List<EventStream> streams) {
        streams.stream()
                .filter(stream -> revoked.isRevoked(stream.session()))
                .forEach(stream -> stream.end(End.REVOKED));
    }

    TaskUpdate update(TaskSnapshot snapshot) {
        return TaskUpdate.of(snapshot, mapper::writeValueAsBytes);
    }

    List<TaskUpdate> updates(ChangedTasks changed) {
        return changed.tasks().stream().map(this::update).toList();
    }

    /** Returns the open streams. */
    List<EventStream> all() {
        return byUser.values().stream().flatMap(Collection::stream).toList();
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        all().forEach(stream -> stream.end(End.STOPPED));
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }

    private boolean register(EventStream stream) {
        List<EventStream> now = byUser.compute(stream.userId(), (user, before) -> {
            if (before == null) {
                return List.of(stream);
            }
            if (before.size() >= properties.streamsPerUser()) {
                return before;
            }
            List<EventStream> more = new ArrayList<>(before);
            more.add(stream);
            return List.copyOf(more);
        });
        return now != null && now.contains(stream);
    }

    private void unregister(EventStream stream, End reason) {
        byUser.computeIfPresent(stream.userId(), (user, before) -> {
            List<EventStream> rest =
                    before.stream().filter(other -> other != stream).toList();
            return rest.isEmpty() ? null : rest;
        });
        size.decrementAndGet();
        ended(reason).increment();
    }

    private Counter ended(End reason) {
        return Counter.builder("perch.live.ended")
                .description("Event streams that ended, by reason")
                .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                .register(meters);
    }
}
