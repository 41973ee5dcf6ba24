package io.perch.resourceserver.task;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.perch.resourceserver.web.Page;
import io.perch.resourceserver.web.PageCursor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.security.Principal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The REST face of everybody's tasks; {@code security} lets only moderators here. */
@Tag(name = "Moderation")
@RestController
@RequestMapping(path = "/admin/tasks", produces = MediaType.APPLICATION_JSON_VALUE)
class AdminTaskController {

    private static final Logger log = LoggerFactory.getLogger(AdminTaskController.class);

    /**
     * A task as a moderator sees it.
     *
     * @param userId the owner: the {@code sub} of the owner's tokens
     * @param task the task as its owner sees it
     */
    record ModeratedTask(String userId, @JsonUnwrapped TaskRepresentation task) {

        static ModeratedTask of(Task task) {
            return new ModeratedTask(task.userId(), TaskRepresentation.of(task));
        }
    }

    /**
     * How the tasks stand.
     *
     * @param total how many there are
     * @param byStatus how many in each state
     * @param oldestDueSeconds how long the task waits that should have been looked at first; 0 where none is late
     */
    record Stats(long total, Map<String, Long> byStatus, long oldestDueSeconds) {}

    private final AdminTasks tasks;

    AdminTaskController(AdminTasks tasks) {
        this.tasks = tasks;
    }

    @Operation(summary = "Lists everybody's tasks, newest first")
    @GetMapping
    Page<ModeratedTask> list(
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(name = "user_id", required = false) @Size(min = 1, max = 128) @Nullable String userId,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit) {
        return Page.of(
                tasks.list(StatusParameter.parse(status), userId, after, limit),
                task -> new PageCursor(task.createdAt(), task.id()),
                ModeratedTask::of);
    }

    @Operation(summary = "Counts everybody's tasks")
    @GetMapping("/stats")
    Stats stats() {
        AdminTasks.Stats stats = tasks.stats();
        Map<String, Long> byStatus = new TreeMap<>();
        stats.byStatus().forEach((status, count) -> byStatus.put(status.wireName(), count));
        long total = byStatus.values().stream().mapToLong(Long::longValue).sum();
        return new Stats(total, byStatus, stats.oldestDue().toSeconds());
    }

    @Operation(summary = "Has a failed task tried again")
    @PostMapping("/{id}/retry")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ModeratedTask retry(@PathVariable String id, Principal moderator) {
        Task replayed = tasks.retry(id);
        log.info("task_id={} replayed by moderator={}", replayed.id(), moderator.getName());
        return ModeratedTask.of(replayed);
    }
}
