package io.perch.resourceserver.task;

import io.perch.resourceserver.ratelimit.RateLimits;
import io.perch.resourceserver.web.Page;
import io.perch.resourceserver.web.PageCursor;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The REST face of a user's own login tasks. */
@Tag(name = "Twitter logins")
@RestController
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
class TaskController {

    /** What tells the client where to look. */
    record Accepted(String taskId) {}

    private final UserTasks tasks;
    private final RateLimits limits;

    TaskController(UserTasks tasks, RateLimits limits) {
        this.tasks = tasks;
        this.limits = limits;
    }

    @Operation(summary = "Submits a Twitter login; the answer names the task that runs it")
    @PostMapping(path = "/twitter-login", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Accepted> submit(@Valid @RequestBody TwitterLoginRequest request, Principal user) {
        limits.consume("twitter-login", user.getName());
        Task task = tasks.submit(user.getName(), request.credentials());
        return ResponseEntity.accepted()
                .location(URI.create("/tasks/" + task.id()))
                .body(new Accepted(task.id()));
    }

    @Operation(summary = "Lists your tasks, newest first")
    @GetMapping("/tasks")
    Page<TaskRepresentation> list(
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            Principal user) {
        return Page.of(
                tasks.list(user.getName(), after, limit),
                task -> new PageCursor(task.createdAt(), task.id()),
                TaskRepresentation::of);
    }

    @Operation(summary = "Shows one of your tasks")
    @GetMapping("/tasks/{id}")
    TaskRepresentation show(@PathVariable String id, Principal user) {
        return tasks.find(user.getName(), id)
                .map(TaskRepresentation::of)
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "You have no task with this id"));
    }
}
