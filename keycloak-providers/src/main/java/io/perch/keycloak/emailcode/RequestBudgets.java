package io.perch.keycloak.emailcode;

import io.perch.keycloak.budget.HourlyBudget;
import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Requester;

/**
 * How many requests for a mail one network may make in an hour, and how many of its guesses may be wrong, on this node. They are
 * counted in memory, before a request costs anything: one network must not fill the queue that the mails of all others wait
 * in.
 */
final class RequestBudgets {

    /** Most requests beyond the budget of mails are impatience: the cooldown refuses them, and they cost nothing there. */
    private static final int REQUESTS_PER_MAIL = 3;

    private final CodeOptions options;
    private final HourlyBudget anonymous;
    private final HourlyBudget accounts;
    private final HourlyBudget wrongGuesses;

    RequestBudgets(CodeOptions options) {
        this.options = options;
        anonymous = new HourlyBudget(REQUESTS_PER_MAIL * options.addressBudget());
        accounts = new HourlyBudget(REQUESTS_PER_MAIL * options.accountBudget());
        wrongGuesses = new HourlyBudget(options.guessBudget());
    }

    /** Whether a network may still guess at codes that other networks have asked for. */
    boolean mayGuessAnywhere(String realmId, RequestOrigin origin) {
        return !origin.isCounted(options) || !wrongGuesses.isSpent(realmId, origin.network());
    }

    void countWrongGuess(String realmId, RequestOrigin origin) {
        if (origin.isCounted(options)) {
            wrongGuesses.take(realmId, origin.network());
        }
    }

    /** Takes one; false where nothing is left. */
    boolean take(String realmId, Purpose purpose, Requester requester, RequestOrigin origin) {
        HourlyBudget budget = requester == Requester.ANONYMOUS ? anonymous : accounts;
        return !origin.isCounted(options)
                || budget.take(realmId, purpose.name(), requester.name(), origin.network()) == 0;
    }
}
