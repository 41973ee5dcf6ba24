package io.perch.resourceserver.twitter;

import java.time.Instant;

/** What the other side said to a login. */
public sealed interface LoginOutcome {

    /** Logged in. */
    record Success() implements LoginOutcome {}

    /** The user name or the password is wrong. */
    record WrongCredentials() implements LoginOutcome {}

    /**
     * The other side asks for a code before it lets the user in.
     *
     * @param kind where the code comes from
     * @param continuation what the implementation needs to go on with this login once the code is there; opaque to
     *     everyone else, sealed while it waits
     */
    record ChallengeRequired(ChallengeKind kind, String continuation) implements LoginOutcome {

        /** Keeps the continuation out of logs. */
        @Override
        public String toString() {
            return "ChallengeRequired[kind=%s]".formatted(kind);
        }
    }

    /** The code was wrong; the challenge stands, and takes another one. */
    record WrongCode() implements LoginOutcome {}

    /**
     * Too many logins.
     *
     * @param until when the other side will listen again
     */
    record RateLimited(Instant until) implements LoginOutcome {}

    /** The account is suspended. */
    record Suspended() implements LoginOutcome {}

    /**
     * The other side did not answer, or not in a way that says anything about the account.
     *
     * @param reason what went wrong, fit to be shown to the user
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
