package io.perch.resourceserver.live;

import io.perch.resourceserver.task.TaskReader;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Looks after the open streams: their ends, their heartbeats, and news that were lost on the way to them. */
@Component
class StreamCare {

    private static final Logger log = LoggerFactory.getLogger(StreamCare.class);
    private static final int BATCH = 500;

    private final LiveStreams streams;
    private final TaskReader tasks;
    private final LiveProperties properties;

    StreamCare(LiveStreams streams, TaskReader tasks, LiveProperties properties) {
        this.streams = streams;
        this.tasks = tasks;
        this.properties = properties;
    }

    @Scheduled(fixedDelayString = "1s")
    void tend() {
        streams.all().forEach(stream -> stream.tend(properties.heartbeat()));
    }

    /** An instance may have died after it changed a task and before it told so. */
    @Scheduled(
            fixedDelayString = "${perch.live.reread-interval:30s}",
            initialDelayString = "${perch.live.reread-interval:30s}")
    void reread() {
        List<String> open = streams.all().stream()
                .map(EventStream::openTasks)
                .flatMap(Collection::stream)
                .distinct()
                .toList();
        try {
            for (int from = 0; from < open.size(); from += BATCH) {
                List<String> batch = open.subList(from, Math.min(open.size(), from + BATCH));
                tasks.findAll(batch).forEach(streams::hear);
            }
        } catch (DataAccessException e) {
            log.warn("{} open tasks were not read again: {}", open.size(), e.getMessage());
        }
    }
}
