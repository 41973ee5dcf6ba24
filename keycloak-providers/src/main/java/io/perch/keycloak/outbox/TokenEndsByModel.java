package io.perch.keycloak.outbox;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientModel.ClientIdChangeEvent;
import org.keycloak.models.ClientModel.ClientRemovedEvent;
import org.keycloak.models.ClientModel.ClientUpdatedEvent;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RealmModel.RealmRemovedEvent;
import org.keycloak.provider.ProviderEvent;

/**
 * The end of all tokens of a client or a realm. It is read from the events of Keycloak's models. Keycloak publishes these for every
 * change: by the admin console, by client registration, by an import.
 *
 * @param session the session whose transaction makes the change
 */
record TokenEndsByModel(KeycloakSession session, OutboxEvent event) {

    /** What a model event ends, in a realm that has the listener; empty for most events. */
    static Optional<TokenEndsByModel> read(ProviderEvent event) {
        if (event instanceof ClientUpdatedEvent updated) {
            return of(
                    updated.getKeycloakSession(), ofUpdated(updated.getKeycloakSession(), updated.getUpdatedClient()));
        }
        if (event instanceof ClientRemovedEvent removed) {
            ClientModel client = removed.getClient();
            return of(
                    removed.getKeycloakSession(),
                    end(removed.getKeycloakSession(), client, client.getClientId(), "CLIENT_REMOVED"));
        }
        if (event instanceof ClientIdChangeEvent changed) {
            return of(changed.getKeycloakSession(), ofIdChange(changed));
        }
        if (event instanceof RealmRemovedEvent removed) {
            return of(removed.getKeycloakSession(), ofRemoved(removed.getKeycloakSession(), removed.getRealm()));
        }
        return Optional.empty();
    }

    private static Optional<TokenEndsByModel> of(KeycloakSession session, @Nullable OutboxEvent end) {
        return Optional.ofNullable(end).map(event -> new TokenEndsByModel(session, event));
    }

    private static @Nullable OutboxEvent ofUpdated(KeycloakSession session, ClientModel client) {
        int notBefore = client.getNotBefore();
        if (client.isEnabled() && notBefore == 0) {
            return null;
        }
        Optional<CommittedState.Client> before =
                CommittedState.client(session, client.getRealm().getId(), client.getId());
        if (before.isEmpty()) {
            return null;
        }
        if (!client.isEnabled() && before.get().isEnabled()) {
            return end(session, client, client.getClientId(), "CLIENT_DISABLED");
        }
        return notBefore > before.get().notBefore()
                ? end(session, client, client.getClientId(), "CLIENT_NOT_BEFORE", notBefore)
                : null;
    }

    /** Keycloak publishes this event also for a change whose representation has no client id. */
    private static @Nullable OutboxEvent ofIdChange(ClientIdChangeEvent event) {
        ClientModel client = event.getUpdatedClient();
        return event.getPreviousClientId().equals(client.getClientId())
                ? null
                : end(event.getKeycloakSession(), client, event.getPreviousClientId(), "CLIENT_ID_CHANGED");
    }

    private static @Nullable OutboxEvent end(
            KeycloakSession session, ClientModel client, String clientId, String keycloakType) {
        // Includes the current second: such a client gets no new token in it
        return end(session, client, clientId, keycloakType, OutboxEvent.nextSecond(Time.currentTimeMillis()));
    }

    private static @Nullable OutboxEvent end(
            KeycloakSession session, ClientModel client, String clientId, String keycloakType, long notBefore) {
        return UserEventsListenerFactory.isListening(client.getRealm())
                ? OutboxEvent.clientEnd(
                        client.getRealm(),
                        clientId,
                        keycloakType,
                        Time.currentTimeMillis(),
                        notBefore,
                        new Actors(session).ofRequest())
                : null;
    }

    private static @Nullable OutboxEvent ofRemoved(KeycloakSession session, RealmModel realm) {
        return CommittedState.realm(session, realm.getId())
                .filter(CommittedState.Realm::isListening)
                .map(before -> OutboxEvent.realmRemoval(
                        realm.getId(), before.name(), Time.currentTimeMillis(), new Actors(session).ofRequest()))
                .orElse(null);
    }
}
