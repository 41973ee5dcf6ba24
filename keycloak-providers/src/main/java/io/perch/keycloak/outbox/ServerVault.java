package io.perch.keycloak.outbox;

import java.util.Optional;
import java.util.function.Function;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.vault.VaultStringSecret;

/**
 * Keycloak's vault for options of the server. The vault keeps secrets by realm. These options belong to no realm, so their secrets
 * are those of the administrators' realm, {@code master}: only its administrators can change that realm.
 */
final class ServerVault implements Function<String, Optional<String>> {

    private final KeycloakSessionFactory sessions;

    ServerVault(KeycloakSessionFactory sessions) {
        this.sessions = sessions;
    }

    /**
     * Reads a secret anew, in a transaction of its own. Whitespace around it is removed, because files often end with a line break.
     *
     * @param expression a {@link VaultExpression}
     * @return empty if there is no vault, or it has no such secret, or an empty one
     */
    @Override
    public Optional<String> apply(String expression) {
        return KeycloakModelUtils.runJobInTransactionWithResult(sessions, session -> {
            // First, because the vault's provider reads the realm when it is created
            session.getContext().setRealm(session.realms().getRealmByName(Config.getAdminRealm()));
            try (VaultStringSecret secret = session.vault().getStringSecret(expression)) {
                return secret.get().map(String::strip).filter(text -> !text.isEmpty());
            }
        });
    }
}
