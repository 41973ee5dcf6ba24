package io.perch.resourceserver.live;

import io.perch.resourceserver.task.TaskKey;
import io.perch.resourceserver.task.TaskReader;
import io.perch.resourceserver.task.TaskVersion;
import io.perch.resourceserver.task.TasksChangedElsewhere;
import jakarta.annotation.PreDestroy;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Maintains the open streams: their deadlines, their heartbeats, changes that their clients missed, and changes that other
 * instances made.
 */
@Component
class StreamMaintenance {

    private static final Logger log = LoggerFactory.getLogger(StreamMaintenance.class);
    private static final int BATCH = 500;
    private static final int QUEUE = 1_000;

    private final LiveStreams streams;
    private final MissedChanges missed;
    private final TaskReader tasks;
    private final LiveProperties properties;
    private final ExecutorService reader =
            new ThreadPoolExecutor(0, 1, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUE), work -> {
                Thread thread = new Thread(work, "live-reader");
                thread.setDaemon(true);
                return thread;
            });

    StreamMaintenance(LiveStreams streams, MissedChanges missed, TaskReader tasks, LiveProperties properties) {
        this.streams = streams;
        this.missed = missed;
        this.tasks = tasks;
        this.properties = properties;
    }

    @Scheduled(fixedDelayString = "1s")
    void maintain() {
        streams.all().forEach(stream -> {
            stream.maintain(properties.heartbeat());
            missed.send(stream);
        });
    }

    /**
     * Reads tasks that other instances changed, if a stream on this instance needs them. It uses its own thread, because the
     * database may be slow.
     */
    @EventListener
    void onChangesElsewhere(TasksChangedElsewhere changes) {
        List<TaskKey> wanted = changes.versions().stream()
                .map(TaskVersion::key)
                .filter(key -> streams.hasStreams(key.userId()))
                .distinct()
                .toList();
        if (!wanted.isEmpty()) {
            try {
                reader.execute(() -> read(wanted));
            } catch (RejectedExecutionException e) {
                log.warn(
                        "{} changed tasks are not read now, because the queue is full; they are read again later",
                        wanted.size());
            }
        }
    }

    /** Reads tasks again whose events may have been lost. */
    @Scheduled(
            fixedDelayString = "${perch.live.reread-interval:30s}",
            initialDelayString = "${perch.live.reread-interval:30s}")
    void reread() {
        read(streams.all().stream()
                .map(EventStream::openTasks)
                .flatMap(Collection::stream)
                .distinct()
                .toList());
    }

    @PreDestroy
    void stop() {
        reader.shutdownNow();
    }

    private void read(List<TaskKey> keys) {
        try {
            for (int from = 0; from < keys.size(); from += BATCH) {
                tasks.findAll(keys.subList(from, Math.min(keys.size(), from + BATCH)))
                        .forEach(streams::send);
            }
        } catch (DataAccessException e) {
            log.warn("{} tasks were not read again: {}", keys.size(), e.getMessage());
        }
    }
}
