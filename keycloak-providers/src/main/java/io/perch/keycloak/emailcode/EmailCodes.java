package io.perch.keycloak.emailcode;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.provider.Provider;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * Codes that go to a user's mailbox, and back by the one who reads it.
 *
 * <p>Get it by {@code session.getProvider(EmailCodes.class)}. An accepted code proves that the user reads the address that
 * the account has now; what follows from this (address verified, password set, sessions ended, events) is the caller's.
 */
public interface EmailCodes extends Provider {

    /** What a code is good for. A code for one purpose is wrong for every other. */
    enum Purpose {
        /** Confirms the account's address. */
        VERIFY_EMAIL,
        /** Lets its reader choose a new password. */
        RESET_PASSWORD,
        /** Is a second factor of one sign-in. */
        LOGIN
    }

    /** Who asks for a mail, which decides whose budget pays for it. */
    enum Requester {
        /** Somebody who has proved nothing, such as one who forgot a password. */
        ANONYMOUS,
        /** Somebody who has just made the account. */
        NEW_ACCOUNT,
        /** Somebody who has given the account's password, or holds a token of it. */
        ACCOUNT_HOLDER
    }

    /** What became of a guess. A caller shows {@code WRONG} and {@code VOID} alike to who is not signed in. */
    enum Verdict {
        /** The code was right. */
        ACCEPTED,
        /** The code was wrong; another guess may be right. */
        WRONG,
        /** No guess can be right: there is no code, or it is used, replaced, too old or guessed at too often. */
        VOID
    }

    /**
     * The result of a request to send.
     *
     * @param outcome whether a mail goes out
     * @param retryAfterSeconds seconds until the next mail can be sent, never negative
     */
    record Sending(Outcome outcome, int retryAfterSeconds) {

        /** Whether a mail goes out. */
        public enum Outcome {
            /** A mail goes out as soon as the request's transaction has committed. */
            SENT,
            /** The last mail is too fresh; its code still works. */
            COOLING_DOWN,
            /** A budget of the mailbox, or of the network that asks, is spent for this hour. */
            BUDGET_SPENT
        }
    }

    /**
     * Sends a code to whom it may concern, and returns at once, whoever that is.
     *
     * <p>All work, from looking the user up to sending, happens in the background after the request's transaction has
     * committed (nothing happens if it rolls back). No mail goes out for an unknown or disabled user, for one whose address
     * is verified already (purpose {@code VERIFY_EMAIL}), within the cooldown, or when a budget is spent; the caller does not
     * learn of it. Requests beyond three times the budget of a network are dropped until its hour is over. A mail that cannot
     * be sent is tried again and is an error event in the end. Client, network address and language are taken from the
     * session's context now.
     *
     * @param mailbox an e-mail address as the request gave it, of any form
     */
    void sendLater(RealmModel realm, Purpose purpose, Requester requester, String mailbox);

    /**
     * As {@link #sendLater(RealmModel, Purpose, Requester, String)}, for a user who has been looked up already.
     *
     * @param user null where there is none: the same happens as for an unknown mailbox
     */
    void sendLater(RealmModel realm, Purpose purpose, Requester requester, @Nullable UserModel user);

    /**
     * Issues a code for a known user and sends it in the background after the request's transaction has committed. A
     * new code voids the one before.
     *
     * @param user a user with an e-mail address
     * @param boundTo the authentication session that alone can use the code; null where any request can
     * @return what will happen, which tells that the user exists: for pages behind which the user is known
     */
    Sending send(
            RealmModel realm,
            UserModel user,
            Purpose purpose,
            Requester requester,
            @Nullable AuthenticationSessionModel boundTo);

    /** Seconds until {@link #send} can send to this user again, as far as the cooldown goes; zero where it can now. */
    int secondsToResend(
            RealmModel realm, UserModel user, Purpose purpose, @Nullable AuthenticationSessionModel boundTo);

    /** Seconds that lie between two mails of one purpose to one user. */
    int cooldownSeconds();

    /**
     * Checks a code and, where it is right, uses it up. A wrong code costs one of its attempts and is reported to Keycloak's
     * brute-force protection (so an authenticator answers it by {@code challenge}, not by {@code failureChallenge}, which
     * would report it twice); both hold whatever becomes of the request. Whether the account is locked, disabled or holds a
     * second factor is not looked at here: the caller does that.
     *
     * <p>A network whose guesses fail too often in an hour can redeem only the codes that were asked for from there.
     *
     * @param user null where there is none: the verdict is {@code VOID}, in the time that a user takes
     * @param boundTo the authentication session that the code was sent for; null where it is bound to none
     * @param code as it was entered; blanks and dashes do not count
     */
    Verdict redeem(
            RealmModel realm,
            @Nullable UserModel user,
            Purpose purpose,
            @Nullable AuthenticationSessionModel boundTo,
            String code);

    /**
     * As {@link #redeem} for a code that is bound to no authentication session, but a right code stays good and costs no attempt: to find out, before a code is used up, what else
     * is wrong with a request. Only {@link #redeem} makes sure that a code works once.
     */
    Verdict check(RealmModel realm, @Nullable UserModel user, Purpose purpose, String code);
}
