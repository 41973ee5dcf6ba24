package io.perch.resourceserver.task;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.acts.ActKind;
import io.perch.resourceserver.web.Page;
import io.perch.resourceserver.web.PageCursor;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.data.domain.Window;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.format.annotation.DateTimeFormat.ISO;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** REST endpoints for the tasks of all users. {@code security} allows them to moderators only. */
@Tag(name = "Moderation")
@RestController
@RequestMapping(path = "/admin/tasks", produces = MediaType.APPLICATION_JSON_VALUE)
class AdminTaskController {

    private static final Logger log = LoggerFactory.getLogger(AdminTaskController.class);
    private static final String FILTERS =
            "A task must match all conditions. 'status' may be repeated. 'error' is the code of the"
                    + " last attempt's error. 'from' and 'to' are times of creation (RFC 3339); 'to' itself is excluded";

    /**
     * A task as a moderator sees it.
     *
     * @param userId the owner: the {@code sub} of the owner's tokens
     * @param ownerUsername the owner's user name; absent if unknown
     * @param task the task as its owner sees it
     */
    record ModeratedTask(
            String userId,
            @Nullable String ownerUsername,
            @JsonUnwrapped TaskRepresentation task) {}

    /**
     * Counts of all tasks.
     *
     * @param total how many there are; an estimate if a state is capped
     * @param byStatus how many in each state; of a final state at most 100,000
     * @param capped the states that have more than that
     * @param asOf when they were counted
     * @param oldestDueSeconds how long the most overdue task has been due; 0 if none is
     */
    record Stats(
            long total, Map<String, Long> byStatus, List<TaskStatus> capped, Instant asOf, long oldestDueSeconds) {}

    /**
     * How many tasks match a filter.
     *
     * @param count how many, at most 10,000
     * @param capped whether there are more
     * @param asOf when they were counted
     * @param byError how many tasks there are for each error code
     * @param retryable how many may succeed in another attempt
     * @param accounts how many accounts they belong to
     */
    record Count(long count, boolean capped, Instant asOf, Map<String, Long> byError, long retryable, long accounts) {}

    /**
     * How many tasks there are in each state in a period.
     *
     * @param at start of the period
     * @param byStatus how many in each state; a state without a task is left out
     */
    record Bucket(Instant at, Map<String, Long> byStatus) {}

    /** The requested periods, oldest first. */
    record Buckets(List<Bucket> items) {}

    private static final Duration DEFAULT_PERIOD = Duration.ofHours(6);
    private static final int MAX_BUCKETS = 500;

    private final AdminTasks tasks;
    private final TaskStatistics statistics;
    private final UserDirectory users;

    AdminTaskController(AdminTasks tasks, TaskStatistics statistics, UserDirectory users) {
        this.tasks = tasks;
        this.statistics = statistics;
        this.users = users;
    }

    @Operation(summary = "Lists everybody's tasks, newest first", description = FILTERS)
    @GetMapping
    Page<ModeratedTask> list(
            @Parameter(array = @ArraySchema(minItems = 1, schema = @Schema(implementation = TaskStatus.class)))
                    @RequestParam(required = false)
                    @Nullable
                    List<String> status,
            @Parameter(description = "The owner's id, user name or e-mail address")
                    @RequestParam(required = false)
                    @Size(min = 1, max = 255)
                    @Nullable
                    String user,
            @RequestParam(name = "user_id", required = false) @Size(min = 1, max = 128) @Nullable String userId,
            @RequestParam(required = false) @Size(min = 1, max = 64) @Nullable String account,
            @RequestParam(required = false) @Size(min = 1, max = 64) @Nullable String error,
            @RequestParam(required = false) @DateTimeFormat(iso = ISO.DATE_TIME) @Nullable Instant from,
            @RequestParam(required = false) @DateTimeFormat(iso = ISO.DATE_TIME) @Nullable Instant to,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit) {
        Window<Task> page =
                tasks.list(TaskFilter.of(owner(user, userId), status, account, error, from, to), after, limit);
        Map<String, String> names =
                users.usernames(page.stream().map(Task::userId).collect(Collectors.toSet()));
        return Page.of(
                page,
                task -> new PageCursor(task.createdAt(), task.id()),
                task -> new ModeratedTask(task.userId(), names.get(task.userId()), TaskRepresentation.of(task)));
    }

    @Operation(summary = "Counts the tasks that match, up to 10,000", description = FILTERS)
    @GetMapping("/count")
    Count count(
            @Parameter(array = @ArraySchema(minItems = 1, schema = @Schema(implementation = TaskStatus.class)))
                    @RequestParam(required = false)
                    @Nullable
                    List<String> status,
            @Parameter(description = "The owner's id, user name or e-mail address")
                    @RequestParam(required = false)
                    @Size(min = 1, max = 255)
                    @Nullable
                    String user,
            @RequestParam(name = "user_id", required = false) @Size(min = 1, max = 128) @Nullable String userId,
            @RequestParam(required = false) @Size(min = 1, max = 64) @Nullable String account,
            @RequestParam(required = false) @Size(min = 1, max = 64) @Nullable String error,
            @RequestParam(required = false) @DateTimeFormat(iso = ISO.DATE_TIME) @Nullable Instant from,
            @RequestParam(required = false) @DateTimeFormat(iso = ISO.DATE_TIME) @Nullable Instant to) {
        AdminTasks.Matches matches =
                tasks.matches(TaskFilter.of(owner(user, userId), status, account, error, from, to));
        return new Count(
                matches.count(),
                matches.capped(),
                matches.asOf(),
                matches.byError(),
                matches.retryable(),
                matches.accounts());
    }

    @Operation(
            summary = "Counts the matching tasks per period; the default is the last six hours",
            description = "'by' is the time to group by, 'width' is the length of a period; at most 500 periods")
    @GetMapping("/buckets")
    Buckets buckets(
            @Parameter(array = @ArraySchema(minItems = 1, schema = @Schema(implementation = TaskStatus.class)))
                    @RequestParam(required = false)
                    @Nullable
                    List<String> status,
            @Parameter(description = "The owner's id, user name or e-mail address")
                    @RequestParam(required = false)
                    @Size(min = 1, max = 255)
                    @Nullable
                    String user,
            @RequestParam(name = "user_id", required = false) @Size(min = 1, max = 128) @Nullable String userId,
            @RequestParam(required = false) @Size(min = 1, max = 64) @Nullable String account,
            @RequestParam(required = false) @Size(min = 1, max = 64) @Nullable String error,
            @RequestParam(required = false) @DateTimeFormat(iso = ISO.DATE_TIME) @Nullable Instant from,
            @RequestParam(required = false) @DateTimeFormat(iso = ISO.DATE_TIME) @Nullable Instant to,
            @Parameter(schema = @Schema(allowableValues = {"created", "completed"}))
                    @RequestParam(defaultValue = "created")
                    @Pattern(regexp = "created|completed", message = "must be created or completed")
                    String by,
            @Parameter(description = "A number and one of ms, s, m, h, d", schema = @Schema(type = "string"))
                    @RequestParam(defaultValue = "5m")
                    @DurationFormat(style = DurationFormat.Style.SIMPLE)
                    Duration width) {
        Instant end = to == null ? tasks.now() : to;
        Instant begin = from == null ? end.minus(DEFAULT_PERIOD) : from;
        TaskFilter filter = TaskFilter.of(owner(user, userId), status, account, error, begin, end);
        if (width.isNegative()
                || width.compareTo(Duration.ofSeconds(1)) < 0
                || Duration.between(begin, end).dividedBy(width) >= MAX_BUCKETS) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, "'width' must be a second or more, and give at most 500 periods");
        }
        Map<Integer, Map<String, Long>> counts = new TreeMap<>();
        for (int i = 0; begin.plus(width.multipliedBy(i)).isBefore(end); i++) {
            counts.put(i, new TreeMap<>());
        }
        tasks.buckets(filter, by.equals("completed"), begin, end, width)
                .forEach(bucket -> counts.computeIfAbsent(bucket.number(), number -> new TreeMap<>())
                        .put(bucket.status().wireName(), bucket.count()));
        return new Buckets(counts.entrySet().stream()
                .map(bucket -> new Bucket(begin.plus(width.multipliedBy(bucket.getKey())), bucket.getValue()))
                .toList());
    }

    @Operation(summary = "Shows one task of any user")
    @GetMapping("/{id}")
    ModeratedTask show(@PathVariable String id) {
        return shown(tasks.find(id));
    }

    @Operation(summary = "Cancels one task of any user; a running login is stopped")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void cancel(@PathVariable String id, Principal moderator) {
        Task task = tasks.find(id);
        tasks.cancel(task, Act.ofCurrentRequest(ActKind.TASK_CANCELLED));
        log.info("task_id={} cancelled by moderator={}", task.id(), moderator.getName());
    }

    @Operation(
            summary = "Counts everybody's tasks",
            description =
                    "All callers get the same numbers for some seconds. A final state is counted up to 100,000; if it"
                            + " has more tasks, it is in 'capped', and 'total' is an estimate")
    @GetMapping("/stats")
    Stats stats() {
        TaskStatistics.Statistics counted = statistics.read();
        Map<String, Long> byStatus = new TreeMap<>();
        counted.byStatus().forEach((status, count) -> byStatus.put(status.wireName(), count));
        return new Stats(
                counted.total(),
                byStatus,
                List.copyOf(counted.capped()),
                counted.asOf(),
                counted.oldestDue().toSeconds());
    }

    @Operation(summary = "Retries a failed task")
    @PostMapping("/{id}/retry")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ModeratedTask retry(@PathVariable String id, Principal moderator) {
        Task replayed = tasks.retry(tasks.find(id), Act.ofCurrentRequest(ActKind.TASK_RETRIED));
        log.info("task_id={} replayed by moderator={}", replayed.id(), moderator.getName());
        return shown(replayed);
    }

    private ModeratedTask shown(Task task) {
        String name = users.usernames(List.of(task.userId())).get(task.userId());
        return new ModeratedTask(task.userId(), name, TaskRepresentation.of(task));
    }

    /** If no user has this name or address, the text is used as an ID: tasks may exist for a user who is not stored here. */
    private @Nullable String owner(@Nullable String user, @Nullable String userId) {
        if (user != null && userId != null) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "Send 'user' or 'user_id', not both");
        }
        return user == null ? userId : users.id(user).orElse(user);
    }
}
