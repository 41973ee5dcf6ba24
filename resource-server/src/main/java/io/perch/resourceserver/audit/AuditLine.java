package io.perch.resourceserver.audit;

import io.perch.resourceserver.mongo.DocumentIds;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * One line of the audit log. It contains IDs, but no names or e-mail addresses; the only personal address is the actor's network
 * address. No value is longer than {@link #MAX_LENGTH} characters or contains line breaks.
 *
 * @param id the line's ID; for an event the event's ID, so that a duplicate is the same line
 * @param createdAt when it happened; {@link io.perch.resourceserver.web.PageCursor} requires this name
 * @param action the wire name of the action
 * @param actorId who did it; null if nobody did or the actor is unknown
 * @param userId the affected user; null if no single user is affected
 * @param clientId the client, or null
 * @param sessionId the session that the request belongs to or that is affected; null if there is none
 * @param ipAddress the network address of the actor; null if unknown or erased
 * @param taskId the task, or null
 * @param twitterAccountId the Twitter account, or null
 * @param details more about it, by name
 */
@Document("audit")
record AuditLine(
        @Id String id,
        Instant createdAt,
        String action,
        @Nullable String actorId,
        @Nullable String userId,
        @Nullable String clientId,
        @Nullable String sessionId,
        @Nullable String ipAddress,
        @Nullable String taskId,
        @Nullable String twitterAccountId,
        Map<String, String> details) {

    static final int MAX_LENGTH = 256;

    /** Builder for a line. */
    static final class Builder {

        private final AuditAction action;
        private String id = DocumentIds.next();
        private Instant at = Instant.EPOCH;
        private @Nullable String actorId;
        private @Nullable String userId;
        private @Nullable String clientId;
        private @Nullable String sessionId;
        private @Nullable String ipAddress;
        private @Nullable String taskId;
        private @Nullable String twitterAccountId;
        private final Map<String, String> details = new TreeMap<>();

        private Builder(AuditAction action) {
            this.action = action;
        }

        Builder id(String given) {
            id = given;
            return this;
        }

        Builder at(Instant time) {
            at = time.truncatedTo(ChronoUnit.MILLIS);
            return this;
        }

        Builder actor(@Nullable String given) {
            actorId = given;
            return this;
        }

        Builder user(@Nullable String given) {
            userId = given;
            return this;
        }

        Builder client(@Nullable String given) {
            clientId = given;
            return this;
        }

        Builder session(@Nullable String given) {
            sessionId = given;
            return this;
        }

        Builder ipAddress(@Nullable String given) {
            ipAddress = given;
            return this;
        }

        Builder task(@Nullable String given) {
            taskId = given;
            return this;
        }

        Builder twitterAccount(@Nullable String given) {
            twitterAccountId = given;
            return this;
        }

        /** Adds a detail, unless it is null or blank. */
        Builder detail(String name, @Nullable String value) {
            String sanitized = sanitize(value);
            if (sanitized != null && !sanitized.isBlank()) {
                details.put(name, sanitized);
            }
            return this;
        }

        AuditLine build() {
            return new AuditLine(
                    truncate(id),
                    at,
                    action.wireName(),
                    sanitize(actorId),
                    sanitize(userId),
                    sanitize(clientId),
                    sanitize(sessionId),
                    sanitize(ipAddress),
                    sanitize(taskId),
                    sanitize(twitterAccountId),
                    details);
        }
    }

    /** Returns whose network address the line may have: the actor's, or the affected user's if the actor is unknown. */
    Optional<String> person() {
        return Optional.ofNullable(actorId == null ? userId : actorId);
    }

    static Builder of(AuditAction action) {
        return new Builder(action);
    }

    /** Values from outside must not break a line, contain invisible characters, or fill the disk. */
    private static @Nullable String sanitize(@Nullable String text) {
        return text == null || isPlain(text)
                ? text
                : truncate(text).replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", " ");
    }

    /** Fast path for nearly all values, which are IDs and addresses. */
    private static boolean isPlain(String text) {
        if (text.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    private static String truncate(String text) {
        if (text.length() <= MAX_LENGTH) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
        return text.substring(0, end);
    }
}
