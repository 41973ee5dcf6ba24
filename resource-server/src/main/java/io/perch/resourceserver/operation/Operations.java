package io.perch.resourceserver.operation;

import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.acts.ActKind;
import io.perch.resourceserver.mongo.DatabaseTime;
import io.perch.resourceserver.mongo.DocumentIds;
import io.perch.resourceserver.operation.TaskOperation.Action;
import io.perch.resourceserver.operation.TaskOperation.Refused;
import io.perch.resourceserver.operation.TaskOperation.State;
import io.perch.resourceserver.task.AdminTasks;
import io.perch.resourceserver.task.Task;
import io.perch.resourceserver.task.TaskFilter;
import io.perch.resourceserver.task.TaskStatus;
import io.perch.resourceserver.web.PageCursor;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.domain.Window;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Starts, reads, stops and executes operations. All instances may do this at the same time. */
@Component
class Operations {

    private static final Logger log = LoggerFactory.getLogger(Operations.class);

    private static final Duration STEP_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration STEP_INTERVAL = Duration.ofSeconds(1);
    private static final int MAX_MATCHES = 1_000_000;
    private static final Set<TaskStatus> OPEN = Arrays.stream(TaskStatus.values())
            .filter(status -> !status.isFinal())
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(TaskStatus.class)));

    private final OperationRepository operations;
    private final AdminTasks tasks;
    private final OperationProperties properties;
    private final DatabaseTime time;

    Operations(OperationRepository operations, AdminTasks tasks, OperationProperties properties, DatabaseTime time) {
        this.operations = operations;
        this.tasks = tasks;
        this.properties = properties;
        this.time = time;
    }

    /**
     * Starts an operation on the tasks that existed when they were counted.
     *
     * @param asOf when they were counted; null for now
     * @param expected how many were counted; null if unknown
     * @throws ProblemException 400 if the action does not fit the filter; 409 if over 10 % more match than expected, or too many
     *     operations run
     */
    TaskOperation begin(
            Action action,
            TaskFilter requested,
            @Nullable Instant asOf,
            @Nullable Long expected,
            boolean retryableOnly,
            Act order) {
        Set<TaskStatus> possible = action == Action.RETRY ? EnumSet.of(TaskStatus.FAILURE) : OPEN;
        Set<TaskStatus> statuses = requested.statuses().isEmpty() ? possible : requested.statuses();
        if (!possible.containsAll(statuses)) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    action == Action.RETRY
                            ? "Only tasks with the status 'failure' can be retried"
                            : "Only tasks that have not ended can be cancelled");
        }
        Instant now = time.instant();
        Instant counted = asOf == null || asOf.isAfter(now) ? now : asOf;
        TaskFilter filter = requested.with(statuses).before(counted);
        if (operations.running(properties.maxRunning()) >= properties.maxRunning()) {
            throw new ProblemException(ProblemType.CONFLICT, "Too many operations run; wait for one, or stop it");
        }
        long matched = tasks.count(filter, MAX_MATCHES);
        if (expected != null && matched > expected + expected / 10) {
            throw new ProblemException(
                    ProblemType.CONFLICT,
                    "%d tasks match now, which is over 10 %% more than %d".formatted(matched, expected));
        }
        TaskOperation operation = new TaskOperation(
                DocumentIds.next(),
                action,
                filter,
                retryableOnly,
                order.withoutAddress(),
                State.RUNNING,
                matched,
                0,
                List.of(),
                null,
                0,
                now,
                null);
        operations.insert(operation, now);
        log.info("operation_id={} {} of {} tasks starts", operation.id(), action, matched);
        return operation;
    }

    /**
     * Finds an operation.
     *
     * @throws ProblemException 404 if there is none with this id
     */
    TaskOperation find(String id) {
        return operations
                .find(id)
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "There is no operation with this id"));
    }

    Window<TaskOperation> list(@Nullable String after, int limit) {
        return operations.list(after, limit);
    }

    /** Stops an operation; its changes are kept. May be repeated. */
    void stop(String id) {
        operations.stop(find(id).id(), time.instant());
    }

    @Scheduled(
            fixedDelayString = "${perch.operation.interval:1s}",
            initialDelayString = "${perch.operation.interval:1s}")
    void runSteps() {
        try {
            for (int i = 0; i < properties.maxRunning(); i++) {
                Instant now = time.instant();
                var claimed = operations.claim(now, now.plus(STEP_TIMEOUT));
                if (claimed.isEmpty()) {
                    return;
                }
                step(claimed.get());
            }
        } catch (DataAccessException e) {
            log.warn("Operations are paused, trying again: {}", e.getMessage());
        }
    }

    @Scheduled(
            fixedDelayString = "${perch.operation.clean-interval:10m}",
            initialDelayString = "${perch.operation.clean-interval:10m}")
    void clean() {
        try {
            operations.removeEnded(time.instant().minus(properties.keep()));
        } catch (DataAccessException e) {
            log.warn("Old operations are not removed, trying again later: {}", e.getMessage());
        }
    }

    private void step(TaskOperation operation) {
        Window<Task> page = tasks.list(operation.filter(), operation.after(), properties.tasksPerSecond());
        Map<String, Refused> refused = new LinkedHashMap<>();
        operation.refused().forEach(reason -> refused.put(reason.code(), reason));
        long done = operation.done();
        for (Task task : page) {
            String reason = apply(operation, task);
            if (reason == null) {
                done++;
            } else {
                refused.merge(
                        reason,
                        new Refused(reason, 1, task.id()),
                        (one, other) -> new Refused(reason, one.count() + 1, one.taskId()));
            }
        }
        boolean isLast = page.isEmpty() || page.isLast();
        Instant now = time.instant();
        String after = operation.after();
        if (!page.isEmpty()) {
            Task last = page.getContent().get(page.size() - 1);
            after = new PageCursor(last.createdAt(), last.id()).toString();
        }
        TaskOperation next = new TaskOperation(
                operation.id(),
                operation.action(),
                operation.filter(),
                operation.retryableOnly(),
                operation.order(),
                isLast ? State.DONE : State.RUNNING,
                operation.matched(),
                done,
                List.copyOf(refused.values()),
                after,
                operation.step() + 1,
                operation.startedAt(),
                isLast ? now : null);
        boolean stored = operations.saveProgress(operation, next, isLast ? null : now.plus(STEP_INTERVAL));
        if (stored && isLast) {
            log.info("operation_id={} ends: {} tasks changed, refused: {}", operation.id(), done, next.refused());
        }
    }

    /** Returns why the task was not changed; null if it was. */
    private @Nullable String apply(TaskOperation operation, Task task) {
        if (operation.retryableOnly() && task.error() != null && !task.error().retryable()) {
            return "not_retryable";
        }
        try {
            if (operation.action() == Action.RETRY) {
                tasks.retry(task, List.of(act(operation, ActKind.TASK_RETRIED)));
            } else {
                tasks.cancel(task, List.of(act(operation, ActKind.TASK_CANCELLED)));
            }
            return null;
        } catch (ProblemException e) {
            return e.getStatusCode().equals(ProblemType.NOT_FOUND.status()) ? "gone" : "changed";
        }
    }

    /**
     * Creates an act whose actor is the moderator who started the operation. It has no network address: the moderator may be
     * deleted before the operation ends. The audit line of the request has it.
     */
    private Act act(TaskOperation operation, ActKind kind) {
        Act order = operation.order();
        return new Act(
                DocumentIds.next(), time.instant(), kind, order.actorId(), order.clientId(), order.sessionId(), null);
    }
}
