package io.perch.resourceserver.live;

import io.micrometer.core.instrument.Counter;
import io.perch.resourceserver.security.SessionClaims;
import io.perch.resourceserver.task.TaskKey;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's stream: decides what the client is sent. Until the first state of its tasks is sent, updates wait.
 */
final class EventStream {

    /** Why a stream ended. */
    enum End {
        /** The task is final, and that was sent. */
        COMPLETE,
        /** The client went away. */
        GONE,
        /** The client did not read. */
        SLOW,
        /** The access token, or the stream's longest life, ended. */
        EXPIRED,
        /** The session of the access token was ended. */
        REVOKED,
        /** The server stops. */
        STOPPED,
        /** There was nothing to stream. */
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
    private @Nullable List<TaskUpdate> held = new ArrayList<>();
    private final int maxHeld;

    /**
     * Makes a stream that holds updates back until it begins.
     *
     * @param session whose tasks it sends, and by which token
     * @param taskId the only task that it sends, or null for all
     * @param deadline when it must end, by {@link System#nanoTime}
     * @param queue how many events may wait for the client
     * @param sent counts the events
     * @param onEnd is called once
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
        this.maxHeld = queue;
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
     * Sends the client how its tasks stand, as far as it does not know, and then the updates that came meanwhile.
     *
     * @param known how far the client is, or null
     * @param tasks how the tasks stand, in the order of their last change
     * @param retry how long the client waits before it comes back
     * @return false if there is nothing to send, now or later
     */
    synchronized boolean begin(@Nullable LastEventId known, List<TaskUpdate> tasks, Duration retry) {
        write(ServerSentEvent.retry(retry));
        if (known != null) {
            sentTasks.reach(known.latest());
            tasks.stream().map(TaskUpdate::snapshot).filter(known::covers).forEach(sentTasks::add);
        }
        boolean over =
                taskId != null && tasks.stream().allMatch(task -> task.isFinal() && !sentTasks.isNew(task.snapshot()));
        List<TaskUpdate> waiting = held == null ? List.of() : held;
        held = null;
        tasks.forEach(this::send);
        waiting.forEach(this::send);
        return !over;
    }

    /** Begins to write, on the request's own thread, after the headers were set. */
    void connect(AsyncContext exchange, ServletOutputStream output) {
        writer.connect(exchange, output);
    }

    /** Sends an update to the client, unless it knows or did not ask. */
    synchronized void onUpdate(TaskUpdate update) {
        if (taskId != null && !taskId.equals(update.snapshot().task().taskId())) {
            return;
        }
        if (held == null) {
            send(update);
        } else if (held.size() < maxHeld) {
            held.add(update);
        } else {
            end(End.SLOW);
        }
    }

    /** Returns the tasks of which the client has to believe that they will change. */
    synchronized List<TaskKey> openTasks() {
        return sentTasks.open().stream().map(id -> new TaskKey(id, userId())).toList();
    }

    /** Ends what is over, and has a silent stream show that it is alive. */
    void tend(Duration heartbeat) {
        long now = System.nanoTime();
        if (deadline - now <= 0) {
            end(End.EXPIRED);
        } else if (writer.isSilentSince(now - heartbeat.toNanos())) {
            write(ServerSentEvent.heartbeat());
        }
    }

    /** Ends the stream; only the first reason counts. */
    void end(End reason) {
        if (!end.compareAndSet(null, reason)) {
            return;
        }
        onEnd.accept(this, reason);
        if (reason == End.SLOW) {
            writer.drop();
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
