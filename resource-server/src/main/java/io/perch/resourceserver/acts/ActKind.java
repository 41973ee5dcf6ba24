package io.perch.resourceserver.acts;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of acts. */
public enum ActKind {
    TASK_SUBMITTED("task.submitted"),
    TASK_CHALLENGE_ANSWERED("task.challenge_answered"),
    TASK_CANCELLED("task.cancelled"),
    TASK_RETRIED("task.retried"),
    ACCOUNT_LOGIN("account.login"),
    ACCOUNT_DELETED("account.deleted");

    private final String wireName;

    ActKind(String wireName) {
        this.wireName = wireName;
    }

    /** Returns the name in the database and in the audit log. */
    public String wireName() {
        return wireName;
    }

    /** Finds a kind by its name; empty if it is unknown. */
    static Optional<ActKind> of(String wireName) {
        return Arrays.stream(values())
                .filter(kind -> kind.wireName.equals(wireName))
                .findFirst();
    }
}
