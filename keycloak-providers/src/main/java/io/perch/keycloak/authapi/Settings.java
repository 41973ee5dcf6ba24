package io.perch.keycloak.authapi;

import io.perch.keycloak.budget.HourlyBudget;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.RealmModel;

/**
 * The server's options, and the realm attributes that change them.
 *
 * @param enabled whether any realm has the API
 * @param defaultClient client id for requests without a client, in realms without {@link #DEFAULT_CLIENT}; null for none
 * @param bodyLimit the most bytes of a request's body
 * @param freshSignIn seconds after a sign-in during which the e-mail address can be changed or the account deleted
 * @param lookups the budget, for each network or user, of calls that show whether a name or address is taken
 * @param loopbackExempt whether requests from this machine are not limited by the budgets of networks
 * @param answerTime milliseconds from the start of a request to its answer, for routes with {@link Route#fixedTime}
 * @param signIns serializes the sign-ins with the same name
 */
record Settings(
        boolean enabled,
        @Nullable String defaultClient,
        int bodyLimit,
        int freshSignIn,
        HourlyBudget lookups,
        boolean loopbackExempt,
        int answerTime,
        NameLocks signIns) {

    /** {@code true} or {@code false}. If it is absent, the API is on in realms that have {@link #DEFAULT_CLIENT}. */
    static final String ENABLED = "auth-api.enabled";

    /** The client id for requests without a client. */
    static final String DEFAULT_CLIENT = "auth-api.default-client";

    /** The value that a token must have in {@code aud}. If it is absent, {@code account}, as for Keycloak's account API. */
    static final String AUDIENCE = "auth-api.audience";

    boolean isOnIn(RealmModel realm) {
        if (!enabled) {
            return false;
        }
        String value = realm.getAttribute(ENABLED);
        return value == null ? realm.getAttribute(DEFAULT_CLIENT) != null : Boolean.parseBoolean(value);
    }

    Optional<String> defaultClientOf(RealmModel realm) {
        return Optional.ofNullable(realm.getAttribute(DEFAULT_CLIENT)).or(() -> Optional.ofNullable(defaultClient));
    }

    String audienceOf(RealmModel realm) {
        return Optional.ofNullable(realm.getAttribute(AUDIENCE)).orElse("account");
    }
}
