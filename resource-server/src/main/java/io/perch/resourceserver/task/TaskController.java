package io.perch.resourceserver.task;

import io.perch.resourceserver.account.TwitterAccounts;
import io.perch.resourceserver.account.TwitterCredentials;
import io.perch.resourceserver.ratelimit.RateLimits;
import io.perch.resourceserver.web.Page;
import io.perch.resourceserver.web.PageCursor;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.format.annotation.DateTimeFormat.ISO;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** REST endpoints for a user's own login tasks. */
@Tag(name = "Twitter logins")
@RestController
@RequestMapping(produces = MediaType.APPLICATION_JSON_VALUE)
class TaskController {

    private static final String LOGIN_LIMIT = "twitter-login";
    private static final String CHALLENGE_LIMIT = "challenge";

    /** The ID of the accepted task. */
    record Accepted(String taskId) {}

    private final UserTasks tasks;
    private final Submissions submissions;
    private final TwitterAccounts accounts;
    private final RateLimits limits;

    TaskController(UserTasks tasks, Submissions submissions, TwitterAccounts accounts, RateLimits limits) {
        this.tasks = tasks;
        this.submissions = submissions;
        this.accounts = accounts;
        this.limits = limits;
    }

    @Operation(
            summary = "Submits a Twitter login; the response has the ID of its task",
            description = "A repeated request with the same Idempotency-Key returns the same task")
    @PostMapping(path = "/twitter-login", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Accepted> submit(
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey,
            @Valid @RequestBody TwitterLoginRequest request,
            Principal user) {
        TwitterCredentials credentials = request.credentials();
        IdempotencyKey key = idempotencyKey == null ? null : IdempotencyKey.parse(idempotencyKey);
        Optional<Task> earlier = key == null ? Optional.empty() : submissions.earlier(user.getName(), key, credentials);
        if (earlier.isPresent()) {
            return accepted(earlier.get(), HttpHeaders.EMPTY);
        }
        submissions.enter();
        try {
            HttpHeaders left = limits.consume(LOGIN_LIMIT, user.getName()).headers();
            return accepted(submissions.submit(user.getName(), credentials, key), left);
        } finally {
            submissions.leave();
        }
    }

    @Operation(summary = "Logs in again to one of your accounts, with its stored credentials")
    @PostMapping("/twitter-accounts/{id}/login")
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Accepted> loginAgain(@PathVariable String id, Principal user) {
        String username = accounts.username(user.getName(), id)
                .orElseThrow(
                        () -> new ProblemException(ProblemType.NOT_FOUND, "You have no Twitter account with this id"));
        submissions.enter();
        try {
            HttpHeaders left = limits.consume(LOGIN_LIMIT, user.getName()).headers();
            return accepted(submissions.submitStored(user.getName(), id, username), left);
        } finally {
            submissions.leave();
        }
    }

    @Operation(
            summary = "Lists your tasks, newest first",
            description =
                    "'status' may be repeated. 'from' and 'to' are times of creation (RFC 3339); 'to' itself is excluded")
    @GetMapping("/tasks")
    Page<TaskRepresentation> list(
            @Parameter(array = @ArraySchema(minItems = 1, schema = @Schema(implementation = TaskStatus.class)))
                    @RequestParam(required = false)
                    @Nullable
                    List<String> status,
            @RequestParam(required = false) @Size(min = 1, max = 64) @Nullable String account,
            @RequestParam(required = false) @Size(min = 1, max = 64) @Nullable String error,
            @RequestParam(required = false) @DateTimeFormat(iso = ISO.DATE_TIME) @Nullable Instant from,
            @RequestParam(required = false) @DateTimeFormat(iso = ISO.DATE_TIME) @Nullable Instant to,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            Principal user) {
        return Page.of(
                tasks.list(TaskFilter.of(user.getName(), status, account, error, from, to), after, limit),
                task -> new PageCursor(task.createdAt(), task.id()),
                TaskRepresentation::of);
    }

    @Operation(summary = "Shows one of your tasks")
    @GetMapping("/tasks/{id}")
    TaskRepresentation show(@PathVariable String id, Principal user) {
        return TaskRepresentation.of(own(id, user));
    }

    @Operation(summary = "Answers the challenge of one of your tasks; its login continues")
    @PostMapping(path = "/tasks/{id}/challenge", consumes = MediaType.APPLICATION_JSON_VALUE)
    @ResponseStatus(HttpStatus.ACCEPTED)
    ResponseEntity<Accepted> answer(@PathVariable String id, @Valid @RequestBody ChallengeCode answer, Principal user) {
        Task task = own(id, user);
        HttpHeaders left = limits.consume(CHALLENGE_LIMIT, user.getName()).headers();
        tasks.answer(task, answer.code());
        return accepted(task, left);
    }

    @Operation(summary = "Cancels one of your tasks; a running login is stopped")
    @DeleteMapping("/tasks/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void cancel(@PathVariable String id, Principal user) {
        tasks.cancel(own(id, user));
    }

    private Task own(String id, Principal user) {
        return tasks.find(user.getName(), id)
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "You have no task with this id"));
    }

    private static ResponseEntity<Accepted> accepted(Task task, HttpHeaders limits) {
        return ResponseEntity.accepted()
                .headers(limits)
                .location(URI.create("/tasks/" + task.id()))
                .body(new Accepted(task.id()));
    }
}
