package io.perch.resourceserver.audit;

import io.perch.resourceserver.web.Page;
import io.perch.resourceserver.web.PageCursor;
import io.perch.resourceserver.web.TimeLimits;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.format.annotation.DateTimeFormat.ISO;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** REST endpoints for the audit log. {@code security} allows them to administrators only. */
@Tag(name = "Administration")
@RestController
@RequestMapping(path = "/admin/audit", produces = MediaType.APPLICATION_JSON_VALUE)
class AuditController {

    /**
     * A line as an administrator sees it.
     *
     * @param auditId the line's ID
     * @param at when it happened
     * @param action what was done
     * @param actorId who did it; absent if unknown
     * @param userId the affected user
     * @param clientId the client
     * @param sessionId the session
     * @param ipAddress the network address of the request
     * @param taskId the task
     * @param twitterAccountId the Twitter account
     * @param details more about it
     */
    record ShownLine(
            String auditId,
            Instant at,
            String action,
            @Nullable String actorId,
            @Nullable String userId,
            @Nullable String clientId,
            @Nullable String sessionId,
            @Nullable String ipAddress,
            @Nullable String taskId,
            @Nullable String twitterAccountId,
            Map<String, String> details) {

        static ShownLine of(AuditLine line) {
            return new ShownLine(
                    line.id(),
                    line.createdAt(),
                    line.action(),
                    line.actorId(),
                    line.userId(),
                    line.clientId(),
                    line.sessionId(),
                    line.ipAddress(),
                    line.taskId(),
                    line.twitterAccountId(),
                    line.details());
        }
    }

    private final AuditStore lines;

    AuditController(AuditStore lines) {
        this.lines = lines;
    }

    @Operation(
            summary = "Lists who did what, newest first",
            description = "'from' and 'to' are times (RFC 3339); 'to' itself is excluded")
    @GetMapping
    Page<ShownLine> list(
            @RequestParam(name = "user_id", required = false) @Size(min = 1, max = 128) @Nullable String userId,
            @RequestParam(name = "actor_id", required = false) @Size(min = 1, max = 128) @Nullable String actorId,
            @Parameter(schema = @Schema(implementation = AuditAction.class)) @RequestParam(required = false) @Nullable
                    String action,
            @RequestParam(required = false) @DateTimeFormat(iso = ISO.DATE_TIME) @Nullable Instant from,
            @RequestParam(required = false) @DateTimeFormat(iso = ISO.DATE_TIME) @Nullable Instant to,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit) {
        TimeLimits.check(from, to);
        AuditStore.Filter filter =
                new AuditStore.Filter(userId, actorId, action == null ? null : AuditAction.parse(action), from, to);
        return Page.of(
                lines.read(filter, after, limit), line -> new PageCursor(line.createdAt(), line.id()), ShownLine::of);
    }
}
