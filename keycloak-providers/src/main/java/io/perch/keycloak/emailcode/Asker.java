package io.perch.keycloak.emailcode;

import org.jspecify.annotations.Nullable;
import org.keycloak.common.ClientConnection;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakContext;

/**
 * Who asked for a mail, as far as the background needs to know.
 *
 * @param address the network address, null where the request has none
 * @param clientId null where the request names no client
 * @param language tag of the language that the request wants
 */
record Asker(@Nullable String address, @Nullable String clientId, String language) {

    static Asker in(KeycloakContext context) {
        ClientConnection connection = context.getConnection();
        ClientModel client = context.getClient();
        return new Asker(
                connection == null ? null : connection.getRemoteAddr(),
                client == null ? null : client.getClientId(),
                context.resolveLocale(null).toLanguageTag());
    }
}
