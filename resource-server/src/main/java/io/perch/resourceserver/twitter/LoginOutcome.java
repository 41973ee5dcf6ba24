package io.perch.resourceserver.twitter;

import java.time.Instant;

/** The response of X to a login. */
public sealed interface LoginOutcome {

    /** The login succeeded. */
    record Success() implements LoginOutcome {}

    /** The user name or the password is wrong. */
    record WrongCredentials() implements LoginOutcome {}

    /**
     * X requires a code before the login can continue.
     *
     * @param kind where the code comes from
     * @param continuation the state that the implementation needs to continue this login with a code; opaque to other code, and
     *     sealed when stored
     */
    record ChallengeRequired(ChallengeKind kind, String continuation) implements LoginOutcome {

        /** Keeps the continuation out of logs. */
        @Override
        public String toString() {
            return "ChallengeRequired[kind=%s]".formatted(kind);
        }
    }

    /** The code was wrong. The challenge is still valid and accepts another code. */
    record WrongCode() implements LoginOutcome {}

    /**
     * Too many logins.
     *
     * @param until when X accepts logins again
     */
    record RateLimited(Instant until) implements LoginOutcome {}

    /** The account is suspended. */
    record Suspended() implements LoginOutcome {}

    /**
     * X did not respond, or its response said nothing about the account.
     *
     * @param reason a text that may be shown to the user
     */
    record Unavailable(String reason) implements LoginOutcome {}

    /** Where the code of a challenge comes from. */
    enum ChallengeKind {
        /** A code sent by e-mail. */
        EMAIL,
        /** A code sent to the phone. */
        PHONE,
        /** A code from an authenticator app. */
        AUTHENTICATOR
    }
}
