package io.perch.resourceserver.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perch.resourceserver.acts.Act;
import io.perch.resourceserver.acts.ActKind;
import io.perch.resourceserver.operation.TaskOperation.Action;
import io.perch.resourceserver.operation.TaskOperation.Refused;
import io.perch.resourceserver.task.TaskFilter;
import io.perch.resourceserver.task.TaskStatus;
import io.perch.resourceserver.task.UserDirectory;
import io.perch.resourceserver.web.Page;
import io.perch.resourceserver.web.PageCursor;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import io.perch.resourceserver.web.TimeLimits;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** REST endpoints for operations on many tasks. {@code security} allows them to moderators only. */
@Tag(name = "Moderation")
@RestController
@RequestMapping(path = "/admin/task-operations", produces = MediaType.APPLICATION_JSON_VALUE)
class OperationController {

    /**
     * Conditions for tasks, as in the list of all users' tasks.
     *
     * @param status states; all states that the action allows if absent
     * @param user the owner's ID, user name or e-mail address
     * @param userId the owner's ID
     * @param account the X user name
     * @param error the code of the last attempt's error
     * @param from created at this time or later
     * @param to created before this time
     */
    record Filter(
            @ArraySchema(minItems = 1, schema = @Schema(implementation = TaskStatus.class))
            @Nullable
            @Size(min = 1, max = 7)
            List<@NotNull String> status,

            @Nullable @Size(min = 1, max = 255) String user,
            @Nullable @Size(min = 1, max = 128) String userId,
            @Nullable @Size(min = 1, max = 64) String account,
            @Nullable @Size(min = 1, max = 64) String error,
            @Nullable Instant from,
            @Nullable Instant to) {}

    /**
     * A request for an operation.
     *
     * @param action {@code retry} or {@code cancel}
     * @param filter which tasks
     * @param asOf when the tasks were counted; only tasks that were created before are changed. Now if absent
     * @param expected how many were counted; the operation is refused if now over 10 % more match
     * @param retryableOnly whether to leave out tasks whose login would fail again; false if absent
     */
    record OperationRequest(
            @NotNull @Pattern(regexp = "retry|cancel", message = "must be retry or cancel")
            String action,

            @NotNull @Valid Filter filter,
            @Nullable Instant asOf,
            @Nullable @PositiveOrZero Long expected,
            @Nullable Boolean retryableOnly) {}

    /**
     * An operation as a moderator sees it.
     *
     * @param operationId its ID
     * @param action what is done
     * @param filter which tasks
     * @param actorId who started it
     * @param state {@code running}, {@code done} or {@code stopped}
     * @param matched how many tasks matched at the start
     * @param done how many tasks were changed
     * @param refused why tasks were not changed, with one task for each reason
     * @param startedAt when it started
     * @param endedAt when it ended; absent before
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OperationRepresentation(
            String operationId,
            String action,
            Filter filter,
            @Nullable String actorId,
            String state,
            long matched,
            long done,
            List<Refused> refused,
            Instant startedAt,
            @Nullable Instant endedAt) {

        static OperationRepresentation of(TaskOperation operation) {
            TaskFilter filter = operation.filter();
            return new OperationRepresentation(
                    operation.id(),
                    operation.action().name().toLowerCase(Locale.ROOT),
                    new Filter(
                            filter.statuses().stream()
                                    .map(TaskStatus::wireName)
                                    .sorted()
                                    .toList(),
                            null,
                            filter.userId(),
                            filter.account(),
                            filter.error(),
                            filter.from(),
                            filter.to()),
                    operation.order().actorId(),
                    operation.state().name().toLowerCase(Locale.ROOT),
                    operation.matched(),
                    operation.done(),
                    operation.refused(),
                    operation.startedAt(),
                    operation.endedAt());
        }
    }

    private final Operations operations;
    private final UserDirectory users;

    OperationController(Operations operations, UserDirectory users) {
        this.operations = operations;
        this.users = users;
    }

    @Operation(
            summary = "Retries or cancels all matching tasks, at a limited rate",
            description =
                    "Each task is changed as by its own request, with an act in the audit log. Returns at once; the operation"
                            + " continues in the background")
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<OperationRepresentation> begin(@Valid @RequestBody OperationRequest request) {
        Filter filter = request.filter();
        if (filter.user() != null && filter.userId() != null) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "Send 'user' or 'user_id', not both");
        }
        TimeLimits.check("as_of", request.asOf());
        String owner = filter.user() == null
                ? filter.userId()
                : users.id(filter.user()).orElse(filter.user());
        Action action = Action.valueOf(request.action().toUpperCase(Locale.ROOT));
        Act order = Act.ofCurrentRequest(action == Action.RETRY ? ActKind.TASK_RETRIED : ActKind.TASK_CANCELLED)
                .get(0);
        TaskOperation operation = operations.begin(
                action,
                TaskFilter.of(owner, filter.status(), filter.account(), filter.error(), filter.from(), filter.to()),
                request.asOf(),
                request.expected(),
                Boolean.TRUE.equals(request.retryableOnly()),
                order);
        return ResponseEntity.accepted()
                .location(URI.create("/admin/task-operations/" + operation.id()))
                .body(OperationRepresentation.of(operation));
    }

    @Operation(summary = "Lists operations, newest first")
    @GetMapping
    Page<OperationRepresentation> list(
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit) {
        return Page.of(
                operations.list(after, limit),
                operation -> new PageCursor(operation.startedAt(), operation.id()),
                OperationRepresentation::of);
    }

    @Operation(summary = "Shows the progress of an operation")
    @GetMapping("/{id}")
    OperationRepresentation show(@PathVariable String id) {
        return OperationRepresentation.of(operations.find(id));
    }

    @Operation(summary = "Stops an operation; its changes are kept")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void stop(@PathVariable String id) {
        operations.stop(id);
    }
}
