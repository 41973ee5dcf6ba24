package io.perch.keycloak.emailcode;

import io.perch.keycloak.budget.HourlyBudget;
import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Requester;

/**
 * Limits of one network in an hour, on this node: requests for a mail, and wrong guesses. They are counted in memory, before a
 * request uses other resources. So one network cannot fill the mail queue for all others.
 */
final class RequestBudgets {

    /** Requests allowed for each mail of the budget. Most of the others are repeated clicks, and the cooldown refuses them. */
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

    /** Whether a network may still enter codes that other networks have requested. */
    boolean mayGuessAnywhere(String realmId, RequestOrigin origin) {
        return !origin.isCounted(options) || !wrongGuesses.isSpent(realmId, origin.network());
    }

    void countWrongGuess(String realmId, RequestOrigin origin) {
        if (origin.isCounted(options)) {
            wrongGuesses.take(realmId, origin.network());
        }
    }

    /** Counts a request for a mail. Returns false if the budget is spent. */
    boolean take(String realmId, Purpose purpose, Requester requester, RequestOrigin origin) {
        HourlyBudget budget = requester == Requester.ANONYMOUS ? anonymous : accounts;
        return !origin.isCounted(options)
                || budget.take(realmId, purpose.name(), requester.name(), origin.network()) == 0;
    }
}
