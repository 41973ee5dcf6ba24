package io.perch.resourceserver.audit;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.mongodb.core.mapping.Document;

/**
 * Who did what when. Has ids, and neither names nor addresses of people, but for the network address of who acted. Nothing in it
 * is longer than {@link #LONGEST} characters, and everything is on one line.
 *
 * @param id the line's id; the event's id for a line about an event, so that a duplicate is the same line
 * @param createdAt when it happened; the name is the one that {@link io.perch.resourceserver.web.PageCursor} goes by
 * @param action what was done, by its wire name
 * @param actorId who did it; null where nobody did, or nobody knows who
 * @param userId whom it happened to; null where that is nobody in particular
 * @param clientId by which client, or null
 * @param sessionId the session in which it was done, or that it is about; null where there is none
 * @param ipAddress the network address of the actor; null if it is not known, or was erased
 * @param taskId which task, or null
 * @param twitterAccountId which Twitter account, or null
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

    static final int LONGEST = 256;

    /** A line under construction. */
    static final class Builder {

        private final AuditAction action;
        private String id = UUID.randomUUID().toString();
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

        /** Adds a detail, unless there is none. */
        Builder detail(String name, @Nullable String value) {
            String plain = plain(value);
            if (plain != null && !plain.isBlank()) {
                details.put(name, plain);
            }
            return this;
        }

        AuditLine build() {
            return new AuditLine(
                    cut(id),
                    at,
                    action.wireName(),
                    plain(actorId),
                    plain(userId),
                    plain(clientId),
                    plain(sessionId),
                    plain(ipAddress),
                    plain(taskId),
                    plain(twitterAccountId),
                    details);
        }
    }

    static Builder of(AuditAction action) {
        return new Builder(action);
    }

    /** What others sent cannot break a line, hide in it, or fill the disk. */
    private static @Nullable String plain(@Nullable String text) {
        return text == null || isPlain(text) ? text : cut(text).replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", " ");
    }

    /** Nearly everything is: ids and addresses. */
    private static boolean isPlain(String text) {
        if (text.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end);
    }
}
