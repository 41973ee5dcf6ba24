package io.perch.resourceserver.live;

import io.micrometer.core.instrument.Counter;
import io.perch.resourceserver.security.SessionClaims;
import io.perch.resourceserver.task.ChangePosition;
import io.perch.resourceserver.task.TaskKey;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's event stream: decides which events are sent. Updates are buffered until the initial state of the tasks is sent. For
 * a reconnected client, this is all that it missed. It is sent in parts, oldest change first. So if the connection is lost again,
 * the ID of the last event still covers everything that was not sent.
 */
final class EventStream {

    /** Why a stream ended. */
    enum End {
        /** The task is final, and its final state was sent. */
        COMPLETE,
        /** The client closed the connection. */
        GONE,
        /** The client did not read fast enough. */
        SLOW,
        /** The access token expired, or the stream reached its largest age. */
        EXPIRED,
        /** The session of the access token ended. */
        REVOKED,
        /** The server stops. */
        STOPPED,
        /** No stream was started: there was nothing to send, or the request failed. */
        REFUSED
    }

    private final SessionClaims session;
    private final @Nullable String taskId;
    private final long deadline;
    private final EventWriter writer;
    private final Counter sent;
    private final BiConsumer<EventStream, End> onEnd;
    private final AtomicReference<End> end = new AtomicReference<>();
    private final SentTasks sentTasks = new SentTasks();
    private @Nullable List<TaskUpdate> buffered = new ArrayList<>();
    private @Nullable LastEventId known;
    private @Nullable ChangePosition nextPart;
    private boolean reading;
    private final int maxBuffered;

    /**
     * Creates a stream that buffers updates until {@link #begin}.
     *
     * @param session the user and the session of the access token
     * @param taskId the only task that it sends; null for all of the user's tasks
     * @param deadline when it must end, by {@link System#nanoTime}
     * @param queue how many events may wait for the client
     * @param sent counts the events
     * @param onEnd called once, when the stream ends
     */
    EventStream(
            SessionClaims session,
            @Nullable String taskId,
            long deadline,
            int queue,
            Counter sent,
            BiConsumer<EventStream, End> onEnd) {
        this.session = session;
        this.taskId = taskId;
        this.deadline = deadline;
        this.writer = new EventWriter(queue, () -> end(End.GONE));
        this.maxBuffered = queue;
        this.sent = sent;
        this.onEnd = onEnd;
    }

    String userId() {
        return session.subject();
    }

    SessionClaims session() {
        return session;
    }

    /**
     * Sends the initial state of the tasks, except what the client already has. After its last part, sends the buffered updates.
     *
     * @param lastEventId the client's {@code Last-Event-ID}, or null
     * @param tasks the current tasks, in the order of their last change
     * @param next where the next part of them begins; null if these are all
     * @param retry the client's reconnection time
     * @return false if there is nothing to send, now or later
     */
    synchronized boolean begin(
            @Nullable LastEventId lastEventId, List<TaskUpdate> tasks, @Nullable ChangePosition next, Duration retry) {
        write(ServerSentEvent.retry(retry));
        known = lastEventId;
        if (lastEventId != null) {
            sentTasks.advanceTo(lastEventId.latest());
        }
        boolean over = taskId != null && tasks.stream().allMatch(task -> task.isFinal() && isKnown(task));
        sendPart(tasks, next);
        return !over;
    }

    /**
     * Returns where the next part of the missed changes begins, if there is one and the client can receive it now. After that,
     * {@link #sendMissed} or {@link #readingFailed} must be called.
     */
    synchronized Optional<ChangePosition> startReading() {
        if (nextPart == null || reading || end.get() != null || buffered == null) {
            return Optional.empty();
        }
        if (writer.room() < Math.min(maxBuffered, LiveStreams.SNAPSHOT + buffered.size())) {
            return Optional.empty();
        }
        reading = true;
        return Optional.of(nextPart);
    }

    /**
     * Sends a part of the changes that the client missed.
     *
     * @param tasks the tasks, in the order of their last change
     * @param next where the next part begins; null if this is the last one
     */
    synchronized void sendMissed(List<TaskUpdate> tasks, @Nullable ChangePosition next) {
        reading = false;
        sendPart(tasks, next);
    }

    /** The part can be read again. */
    synchronized void readingFailed() {
        reading = false;
    }

    private void sendPart(List<TaskUpdate> tasks, @Nullable ChangePosition next) {
        tasks.stream().filter(this::isKnown).map(TaskUpdate::snapshot).forEach(sentTasks::add);
        tasks.forEach(this::send);
        nextPart = next;
        List<TaskUpdate> waiting = buffered;
        if (waiting == null) {
            return;
        }
        if (next == null) {
            buffered = null;
            waiting.forEach(this::send);
        } else {
            // After many more parts, these tasks would be forgotten, and an older state would follow a newer one
            waiting.removeIf(update -> !sentTasks.isNew(update.snapshot()));
        }
    }

    private boolean isKnown(TaskUpdate task) {
        return known != null && known.includes(task.snapshot());
    }

    /** Starts to write. Must be called on the request's own thread, after the headers were set. */
    void connect(AsyncContext exchange, ServletOutputStream output) {
        writer.connect(exchange, output);
    }

    /** Sends an update, unless the client already has it or did not request this task. */
    synchronized void onUpdate(TaskUpdate update) {
        if (taskId != null && !taskId.equals(update.snapshot().task().taskId())) {
            return;
        }
        if (buffered == null) {
            send(update);
        } else if (!sentTasks.isNew(update.snapshot())) {
            return;
        } else if (buffered.size() < maxBuffered) {
            buffered.add(update);
        } else {
            end(End.SLOW);
        }
    }

    /** Returns the tasks that are not final in the state that the client has. */
    synchronized List<TaskKey> openTasks() {
        return sentTasks.open().stream().map(id -> new TaskKey(id, userId())).toList();
    }

    /** Ends the stream if its deadline has passed. Otherwise sends a heartbeat if nothing was sent for some time. */
    void maintain(Duration heartbeat) {
        long now = System.nanoTime();
        if (deadline - now <= 0) {
            end(End.EXPIRED);
        } else if (writer.isSilentSince(now - heartbeat.toNanos())) {
            write(ServerSentEvent.heartbeat());
        }
    }

    /** Ends the stream. Only the first call has an effect. */
    void end(End reason) {
        if (!end.compareAndSet(null, reason)) {
            return;
        }
        onEnd.accept(this, reason);
        if (reason == End.SLOW) {
            writer.discard();
        } else {
            writer.end();
        }
    }

    private void send(TaskUpdate update) {
        if (end.get() != null || !sentTasks.isNew(update.snapshot())) {
            return;
        }
        sentTasks.add(update.snapshot());
        write(ServerSentEvent.task(sentTasks.lastEventId(), update.json().get()));
        sent.increment();
        if (taskId != null && update.isFinal()) {
            end(End.COMPLETE);
        }
    }

    private void write(byte[] bytes) {
        if (!writer.write(bytes)) {
            end(End.SLOW);
        }
    }
}
