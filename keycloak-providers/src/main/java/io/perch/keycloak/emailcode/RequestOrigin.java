package io.perch.keycloak.emailcode;

import io.perch.keycloak.budget.Network;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.ClientConnection;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakContext;

/**
 * Where a request for a mail comes from, as far as the background needs to know.
 *
 * @param address the network address, null where the request has none
 * @param clientId null where the request names no client
 * @param language tag of the language that the request wants
 */
record RequestOrigin(@Nullable String address, @Nullable String clientId, String language) {

    /** What counts as one requester: see {@link Network}; empty where the request has no address. */
    String network() {
        return address == null ? "" : Network.of(address);
    }

    /** Whether requests from there have budgets. */
    boolean isCounted(CodeOptions options) {
        return address != null && !(options.loopbackExempt() && Network.isLoopback(address));
    }

    static RequestOrigin in(KeycloakContext context) {
        ClientConnection connection = context.getConnection();
        ClientModel client = context.getClient();
        return new RequestOrigin(
                connection == null ? null : connection.getRemoteAddr(),
                client == null ? null : client.getClientId(),
                context.resolveLocale(null).toLanguageTag());
    }
}
