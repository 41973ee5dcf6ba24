package io.perch.keycloak.emailcode;

import io.perch.keycloak.budget.Network;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.ClientConnection;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakContext;

/**
 * The origin of a request for a mail, as background work needs it.
 *
 * @param address the network address; null if the request has none
 * @param clientId null if the request has no client
 * @param language the language tag of the request (BCP 47)
 */
record RequestOrigin(@Nullable String address, @Nullable String clientId, String language) {

    /** The network that is counted as one requester, see {@link Network}; empty if the request has no address. */
    String network() {
        return address == null ? "" : Network.of(address);
    }

    /** Whether budgets limit requests from this origin. */
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
