package io.perch.resourceserver.task;

import io.perch.resourceserver.account.SealedCredentials;
import io.perch.resourceserver.acts.Act;
import java.time.Instant;
import java.util.Date;
import java.util.Objects;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** Converts a task to and from its document. */
final class TaskDocument {

    static final String ID = "_id";
    static final String USER_ID = "user_id";
    static final String ACCOUNT = "twitter_user_id";
    static final String USERNAME = "username";
    static final String VERSION = "v";
    static final String STATUS = "status";
    static final String ATTEMPT = "attempt";
    static final String ATTEMPT_LIMIT = "attempt_limit";
    static final String DUE_AT = "due_at";
    static final String OWNER = "owner";
    static final String CLAIM = "claim";
    static final String SLOT = "slot";
    static final String LEASE_UNTIL = "lease_until";
    static final String NEXT_ATTEMPT_AT = "next_attempt_at";
    static final String ERROR = "error";
    static final String ERROR_CODE = "error.code";
    static final String CHALLENGE = "challenge";
    static final String SEALED_CODE = "challenge.sealed_code";
    static final String SECRETS = "secrets";
    static final String FINGERPRINT = "fingerprint";
    static final String FORGET_AT = "forget_at";
    static final String ACTS = "acts";
    static final String BLOCKED = "blocked";
    static final String KEEP_UNTIL = "keep_until";
    static final String UNREADABLE = "unreadable";
    static final String CREATED_AT = "created_at";
    static final String UPDATED_AT = "updated_at";
    static final String COMPLETED_AT = "completed_at";
    static final String HISTORY = "history";

    /** The version of the documents that this code writes. */
    static final int CURRENT_VERSION = 2;

    private TaskDocument() {}

    static Document write(Task task) {
        Document document = new Document(ID, task.id())
                .append(USER_ID, task.userId())
                .append(ACCOUNT, task.twitterUserId())
                .append(USERNAME, task.username())
                .append(VERSION, CURRENT_VERSION)
                .append(STATUS, task.status().wireName())
                .append(ATTEMPT, task.attempt())
                .append(ATTEMPT_LIMIT, task.attemptLimit());
        put(document, DUE_AT, task.dueAt());
        Lease lease = task.lease();
        if (lease != null) {
            put(document, OWNER, lease.owner());
            put(document, CLAIM, lease.claim());
            put(document, SLOT, lease.slot());
            put(document, LEASE_UNTIL, lease.until());
        }
        put(document, NEXT_ATTEMPT_AT, task.nextAttemptAt());
        put(document, ERROR, error(task.error()));
        put(document, CHALLENGE, challenge(task.challenge()));
        SealedCredentials credentials = task.credentials();
        put(document, SECRETS, credentials == null ? null : credentials.document());
        put(document, FINGERPRINT, task.fingerprint());
        if (!task.acts().isEmpty()) {
            document.append(ACTS, task.acts().stream().map(Act::document).toList());
        }
        if (task.blocked() > 0) {
            document.append(BLOCKED, task.blocked());
        }
        document.append(CREATED_AT, Date.from(task.createdAt())).append(UPDATED_AT, Date.from(task.updatedAt()));
        put(document, COMPLETED_AT, task.completedAt());
        document.append(
                HISTORY, task.history().stream().map(TaskDocument::transition).toList());
        return document;
    }

    /**
     * Reads a task.
     *
     * @throws UnreadableTaskException if the document is of a newer version or of the old service, or is invalid
     */
    static Task read(Document document) {
        try {
            return new Task(
                    text(document, ID),
                    text(document, USER_ID),
                    text(document, ACCOUNT),
                    text(document, USERNAME),
                    TaskStatus.ofWireName(text(document, STATUS)),
                    document.getInteger(ATTEMPT, 0),
                    document.getInteger(ATTEMPT_LIMIT, 0),
                    time(document, DUE_AT),
                    lease(document),
                    time(document, NEXT_ATTEMPT_AT),
                    readError(document.get(ERROR, Document.class)),
                    readChallenge(document.get(CHALLENGE, Document.class)),
                    SealedCredentials.read(document.get(SECRETS, Document.class)),
                    document.getString(FINGERPRINT),
                    Act.read(document.getList(ACTS, Document.class)),
                    document.getInteger(BLOCKED, 0),
                    requiredTime(document, CREATED_AT),
                    requiredTime(document, UPDATED_AT),
                    time(document, COMPLETED_AT),
                    document.getList(HISTORY, Document.class).stream()
                            .map(TaskDocument::readTransition)
                            .toList());
        } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
            throw new UnreadableTaskException(document.get(ID), e);
        }
    }

    static Document transition(TaskTransition transition) {
        Document document = new Document(STATUS, transition.status().wireName())
                .append("at", Date.from(transition.at()))
                .append(ATTEMPT, transition.attempt());
        put(document, "detail", transition.detail());
        return document;
    }

    private static TaskTransition readTransition(Document transition) {
        return new TaskTransition(
                TaskStatus.ofWireName(text(transition, STATUS)),
                requiredTime(transition, "at"),
                transition.getInteger(ATTEMPT, 0),
                transition.getString("detail"));
    }

    private static @Nullable Lease lease(Document document) {
        Instant until = time(document, LEASE_UNTIL);
        String owner = document.getString(OWNER);
        return until == null || owner == null
                ? null
                : new Lease(owner, document.getString(CLAIM), document.getString(SLOT), until);
    }

    private static @Nullable Document error(@Nullable TaskError error) {
        return error == null
                ? null
                : new Document("code", error.code())
                        .append("message", error.message())
                        .append("retryable", error.retryable());
    }

    private static @Nullable TaskError readError(@Nullable Document error) {
        return error == null
                ? null
                : new TaskError(text(error, "code"), text(error, "message"), error.getBoolean("retryable", false));
    }

    private static @Nullable Document challenge(@Nullable Challenge challenge) {
        if (challenge == null) {
            return null;
        }
        Document document = new Document("kind", challenge.kind())
                .append("expires_at", Date.from(challenge.expiresAt()))
                .append("wrong_codes", challenge.wrongCodes())
                .append("sealed_continuation", challenge.sealedContinuation());
        put(document, "sealed_code", challenge.sealedCode());
        return document;
    }

    private static @Nullable Challenge readChallenge(@Nullable Document challenge) {
        return challenge == null
                ? null
                : new Challenge(
                        text(challenge, "kind"),
                        requiredTime(challenge, "expires_at"),
                        challenge.getInteger("wrong_codes", 0),
                        text(challenge, "sealed_continuation"),
                        challenge.getString("sealed_code"));
    }

    private static String text(Document document, String name) {
        return Objects.requireNonNull(document.getString(name), name);
    }

    static @Nullable Instant time(Document document, String name) {
        Date time = document.getDate(name);
        return time == null ? null : time.toInstant();
    }

    private static Instant requiredTime(Document document, String name) {
        return Objects.requireNonNull(time(document, name), name);
    }

    private static void put(Document document, String name, @Nullable Object value) {
        if (value != null) {
            document.append(name, value instanceof Instant time ? Date.from(time) : value);
        }
    }
}
