package io.perch.keycloak.emailcode;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.provider.Provider;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * One-time codes that are sent to a user's mailbox and checked when the user enters them.
 *
 * <p>Get it by {@code session.getProvider(EmailCodes.class)}. An accepted code proves that the user reads the mailbox of the
 * account's current address. The caller must do everything that follows: mark the address as verified, set the password, end
 * sessions, send events.
 */
public interface EmailCodes extends Provider {

    /** The purpose of a code. A code for one purpose is wrong for every other. */
    enum Purpose {
        /** Confirms the account's address. */
        VERIFY_EMAIL,
        /** Allows the user to choose a new password. */
        RESET_PASSWORD,
        /** Is a second factor of one sign-in. */
        LOGIN
    }

    /** The kind of requester of a mail. It selects the budget that the mail is counted in. */
    enum Requester {
        /** An unauthenticated request, such as for a forgotten password. */
        ANONYMOUS,
        /** The request that has just created the account. */
        NEW_ACCOUNT,
        /** A request with the account's password, or with a token of the account. */
        ACCOUNT_HOLDER
    }

    /**
     * The result of a guess. To a user who is not signed in, show the same for {@code WRONG} and {@code VOID}: else the answer
     * shows that the account exists.
     */
    enum Verdict {
        /** The code was correct. */
        ACCEPTED,
        /** The code was wrong; another guess may be correct. */
        WRONG,
        /** No guess can be correct: there is no code, or it is used, replaced, too old, or had too many wrong guesses. */
        VOID
    }

    /**
     * The form of a code.
     *
     * @param length digits, from 6 to 12. After many wrong guesses for the same user a code has 12
     * @param life seconds for which the code is valid, from 30 to 3600
     */
    record Format(int length, int life) {}

    /**
     * The result of a request to send.
     *
     * @param outcome whether a mail is sent
     * @param retryAfterSeconds seconds until the next mail can be sent, never negative
     */
    record Sending(Outcome outcome, int retryAfterSeconds) {

        /** Whether a mail is sent. */
        public enum Outcome {
            /** A mail is sent after the request's transaction has committed. */
            SENT,
            /** The last mail is too recent; its code still works. */
            COOLING_DOWN,
            /** A budget of the mailbox, or of the requesting network, is spent for this hour. */
            BUDGET_SPENT
        }
    }

    /**
     * Sends a code to the user of a mailbox, if there is one. Returns at once for every mailbox.
     *
     * <p>The lookup of the user and the sending happen in the background, after the request's transaction has committed. If it
     * rolls back, nothing happens. No mail is sent to an unknown or disabled user, to a verified address (purpose
     * {@code VERIFY_EMAIL}), within the cooldown, or if a budget is spent. The caller is not informed about that. If a network
     * sends more requests than three times its budget, they are dropped until the hour is over. A mail that cannot be sent is
     * retried. If that fails too, an error event is sent. Client, network address and language are read from the session's context
     * during this call.
     *
     * @param mailbox an e-mail address as it was entered, in any form
     */
    void sendLater(RealmModel realm, Purpose purpose, Requester requester, String mailbox);

    /**
     * As {@link #sendLater(RealmModel, Purpose, Requester, String)}, for a user who was looked up already.
     *
     * @param user null if there is none: then the same happens as for an unknown mailbox
     */
    void sendLater(RealmModel realm, Purpose purpose, Requester requester, @Nullable UserModel user);

    /**
     * Issues a code for a known user and sends it in the background after the request's transaction has committed. A
     * new code voids the previous one.
     *
     * @param user a user with an e-mail address
     * @param boundTo the only authentication session that can use the code; null if any request can
     * @return whether a mail is sent. It shows that the user exists: use it only if the caller may know that
     * @throws IllegalArgumentException if the user has no e-mail address
     */
    default Sending send(
            RealmModel realm,
            UserModel user,
            Purpose purpose,
            Requester requester,
            @Nullable AuthenticationSessionModel boundTo) {
        return send(realm, user, purpose, requester, boundTo, format());
    }

    /**
     * As {@link #send(RealmModel, UserModel, Purpose, Requester, AuthenticationSessionModel)}, with a code of another form than the
     * server's options say.
     */
    Sending send(
            RealmModel realm,
            UserModel user,
            Purpose purpose,
            Requester requester,
            @Nullable AuthenticationSessionModel boundTo,
            Format format);

    /** The form of a code by the server's options. */
    Format format();

    /** Seconds until the cooldown allows {@link #send} to this user again; zero if it does now. Budgets are not considered. */
    int secondsToResend(
            RealmModel realm, UserModel user, Purpose purpose, @Nullable AuthenticationSessionModel boundTo);

    /** The cooldown: the least number of seconds between two mails of one purpose to one user. */
    int cooldownSeconds();

    /**
     * Checks a code and, if it is correct, uses it up. A wrong code counts as one attempt, and is reported to Keycloak's
     * brute-force protection. Therefore an authenticator must answer it by {@code challenge}: {@code failureChallenge} would report
     * it twice. Both counts stay even if the request's transaction rolls back. This method does not check whether the account is
     * locked, disabled or has a second factor. The caller must do that.
     *
     * <p>A network with too many wrong guesses in an hour can redeem only the codes that it has requested itself.
     *
     * @param user null if there is none: then the verdict is {@code VOID}, after the same time as for a user
     * @param boundTo the authentication session that the code was sent for; null if it is bound to none
     * @param code as it was entered; blanks and dashes are ignored
     */
    Verdict redeem(
            RealmModel realm,
            @Nullable UserModel user,
            Purpose purpose,
            @Nullable AuthenticationSessionModel boundTo,
            String code);

    /**
     * As {@link #redeem} for a code that is bound to no authentication session, but a correct code stays valid and costs no
     * attempt. Use it to check the other parts of a request before the code is used up. Only {@link #redeem} ensures that a code
     * works once.
     */
    Verdict check(RealmModel realm, @Nullable UserModel user, Purpose purpose, String code);
}
