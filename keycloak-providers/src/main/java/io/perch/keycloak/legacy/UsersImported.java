package io.perch.keycloak.legacy;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.provider.ProviderEvent;

/**
 * Reports to other extensions that users were imported from an old database. Keycloak has no event for that. It is published in the
 * transaction of the import, or in the last transaction of a synchronization.
 *
 * @param session the session of that transaction
 * @param realm the realm of the users
 * @param userId the imported user; null after a synchronization, which may import many
 */
public record UsersImported(
        KeycloakSession session, RealmModel realm, @Nullable String userId) implements ProviderEvent {}
