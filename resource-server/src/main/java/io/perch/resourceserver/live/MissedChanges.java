package io.perch.resourceserver.live;

import io.perch.resourceserver.task.ChangePosition;
import io.perch.resourceserver.task.ChangedTasks;
import io.perch.resourceserver.task.TaskReader;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Sends reconnected clients the changes that they missed, in parts. The next part is read when the client has received enough of
 * the last one. So the memory of a stream does not depend on the number of changes.
 */
@Component
class MissedChanges {

    private static final Logger log = LoggerFactory.getLogger(MissedChanges.class);
    private static final int READERS = 4;
    private static final int QUEUE = 1_000;

    private final LiveStreams streams;
    private final TaskReader tasks;
    private final ExecutorService readers;

    MissedChanges(LiveStreams streams, TaskReader tasks) {
        this.streams = streams;
        this.tasks = tasks;
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                READERS, READERS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), work -> {
                    Thread thread = new Thread(work, "live-missed");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        this.readers = executor;
    }

    /** Sends the next part, if there is one and the client can receive it now. It is called again later for every stream. */
    void send(EventStream stream) {
        stream.startReading().ifPresent(position -> {
            try {
                readers.execute(() -> read(stream, position));
            } catch (RejectedExecutionException e) {
                log.debug("Missed changes are read later, because the queue is full");
                stream.readingFailed();
            }
        });
    }

    @PreDestroy
    void stop() {
        readers.shutdownNow();
    }

    private void read(EventStream stream, ChangePosition position) {
        boolean sent = false;
        try {
            ChangedTasks part = tasks.changedAfter(stream.userId(), position, LiveStreams.SNAPSHOT);
            stream.sendMissed(streams.updates(part), part.next());
            sent = true;
        } catch (DataAccessException e) {
            log.warn("Missed changes were not read, trying again: {}", e.getMessage());
        } finally {
            if (!sent) {
                stream.readingFailed();
            }
        }
        if (sent) {
            send(stream);
        }
    }
}
