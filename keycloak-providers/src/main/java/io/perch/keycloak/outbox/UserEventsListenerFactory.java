package io.perch.keycloak.outbox;

import io.perch.keycloak.legacy.UsersImported;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RealmModel.RealmPostCreateEvent;
import org.keycloak.models.RealmModel.RealmRemovedEvent;
import org.keycloak.models.UserModel.UserRemovedEvent;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderEvent;
import org.keycloak.provider.ServerInfoAwareProviderFactory;

/** The event listener {@code kafka-outbox}, which a realm activates in its event settings, and the relay of this node. */
public final class UserEventsListenerFactory implements EventListenerProviderFactory, ServerInfoAwareProviderFactory {

    /** The listener's name in realms. */
    public static final String PROVIDER_ID = "kafka-outbox";

    @SuppressWarnings("NullAway.Init") // Keycloak calls init first
    private OutboxOptions options;

    private volatile @Nullable Relay relay;

    @Override
    public EventListenerProvider create(KeycloakSession session) {
        return new UserEventsListener(session, options, this::wake);
    }

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public void init(Config.Scope config) {
        options = OutboxOptions.of(config, WrittenOptions::text);
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        factory.register(event -> onProviderEvent(event, factory));
    }

    private void onProviderEvent(ProviderEvent event, KeycloakSessionFactory factory) {
        TokenEndsByModel.read(event)
                .ifPresent(end ->
                        TransactionEvents.add(end.session(), options.attributes(), this::wake, List.of(end.event())));
        if (event instanceof PostMigrationEvent) {
            // The tables exist, and the imports at the start are done
            Relay started = new Relay(factory, options);
            relay = started;
            started.start();
        } else if (event instanceof RealmPostCreateEvent created && isListening(created.getCreatedRealm())) {
            // The realm may be imported with users. Keycloak sends no events for them
            Resync.restart(created.getKeycloakSession(), created.getCreatedRealm());
        } else if (event instanceof RealmRemovedEvent removed) {
            Resync.deleteProgress(removed.getKeycloakSession(), removed.getRealm());
            OutboxStore.deleteOf(
                    removed.getKeycloakSession()
                            .getProvider(JpaConnectionProvider.class)
                            .getEntityManager(),
                    removed.getRealm().getId());
        } else if (event instanceof UserRemovedEvent removed && isListening(removed.getRealm())) {
            OutboxEvent removal =
                    OutboxEvent.removal(removed.getRealm(), removed.getUser().getId(), Time.currentTimeMillis());
            TransactionEvents.add(removed.getKeycloakSession(), options.attributes(), this::wake, List.of(removal));
        } else if (event instanceof UsersImported imported && isListening(imported.realm())) {
            onUsersImported(imported);
        }
    }

    private void onUsersImported(UsersImported imported) {
        String userId = imported.userId();
        if (userId == null) {
            Resync.restart(imported.session(), imported.realm());
        } else {
            OutboxEvent registration = OutboxEvent.imported(imported.realm(), userId, Time.currentTimeMillis());
            TransactionEvents.add(imported.session(), options.attributes(), this::wake, List.of(registration));
        }
    }

    /** Whether a realm has this listener. */
    static boolean isListening(RealmModel realm) {
        return realm.getEventsListenersStream().anyMatch(PROVIDER_ID::equals);
    }

    /** The state of the relay; empty before it starts. */
    Optional<Relay.Health> health() {
        return Optional.ofNullable(relay).map(Relay::health);
    }

    private void wake() {
        Relay started = relay;
        if (started != null) {
            started.wake();
        }
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        return OutboxOptions.metadata();
    }

    @Override
    public Map<String, String> getOperationalInfo() {
        return options.shown();
    }

    @Override
    public void close() {
        Relay started = relay;
        if (started != null) {
            started.close();
        }
    }
}
