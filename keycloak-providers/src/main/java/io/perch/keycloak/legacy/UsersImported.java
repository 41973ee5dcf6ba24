package io.perch.keycloak.legacy;

import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.provider.ProviderEvent;

/**
 * Tells Keycloak's other extensions that users came from an old database, which none of Keycloak's own events does. It is
 * published in the transaction that brought them, or in the last one of a synchronization.
 *
 * @param session whose transaction it is
 * @param userId who came; null after a synchronization, which brings any number
 */
public record UsersImported(
        KeycloakSession session, RealmModel realm, @Nullable String userId) implements ProviderEvent {}
