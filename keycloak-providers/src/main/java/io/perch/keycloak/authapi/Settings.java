package io.perch.keycloak.authapi;

import io.perch.keycloak.budget.HourlyBudget;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.RealmModel;

/**
 * What an operator sets for the server, and how a realm's attributes change it.
 *
 * @param enabled whether any realm has the API
 * @param defaultClient client id for requests that name no client, in realms that name none; null for none
 * @param bodyLimit bytes that a request's body may have
 * @param freshSignIn seconds since the sign-in within which an e-mail address may be changed, or an account deleted
 * @param lookUps what each network address, or user, has left of the calls that tell whether a name or address is taken
 * @param loopbackExempt whether requests from this machine have no budget of a network
 * @param signIns keeps sign-ins with one name apart
 */
record Settings(
        boolean enabled,
        @Nullable String defaultClient,
        int bodyLimit,
        int freshSignIn,
        HourlyBudget lookUps,
        boolean loopbackExempt,
        NameLocks signIns) {

    /** {@code true} or {@code false}; without it the API is on where {@link #DEFAULT_CLIENT} is set. */
    static final String ENABLED = "auth-api.enabled";

    /** Client id for requests that name no client. */
    static final String DEFAULT_CLIENT = "auth-api.default-client";

    /** What a bearer token must have in {@code aud}; without it {@code account}, as for Keycloak's account API. */
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
