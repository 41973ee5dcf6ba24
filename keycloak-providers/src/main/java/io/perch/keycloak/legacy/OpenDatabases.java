package io.perch.keycloak.legacy;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.component.ComponentModel;
import org.keycloak.component.ComponentValidationException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.storage.UserStorageProviderModel;

/** The open databases of this node, with their connections: one for each component. */
final class OpenDatabases implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(OpenDatabases.class);

    private final Map<String, Open> databases = new ConcurrentHashMap<>();

    /**
     * An open database.
     *
     * @param stored the settings as they are stored
     * @param settings the settings with their secrets
     */
    record Open(String realmId, Settings stored, Settings settings, LegacyDatabase database) {}

    /**
     * The database of a component. If its settings or its secret in the vault have changed, the connections to the previous one are
     * closed.
     *
     * @param session a session of the component's realm
     * @throws ComponentValidationException if the configuration is wrong, or the vault does not have the secret
     */
    Open open(KeycloakSession session, ComponentModel component) {
        Settings settings = Settings.of(component, session.vault());
        return databases.compute(component.getId(), (id, known) -> {
            if (known != null && known.settings().equals(settings)) {
                return known;
            }
            close(known);
            return new Open(
                    component.getParentId(),
                    Settings.of(component),
                    settings,
                    settings.vendor().open(settings));
        });
    }

    /** Closes the database of a component, if it is open. */
    void close(String componentId) {
        close(databases.remove(componentId));
    }

    /**
     * Closes the databases whose component no longer exists, is switched off or has other settings. Another node may have changed
     * the component, and Keycloak informs only that node's provider.
     */
    void closeOutdated(KeycloakSession session) {
        databases.forEach((componentId, open) -> {
            if (!isCurrent(session, componentId, open) && databases.remove(componentId, open)) {
                LOG.debugf("legacy_database_closed component=%s", componentId);
                close(open);
            }
        });
    }

    private static boolean isCurrent(KeycloakSession session, String componentId, Open open) {
        // The secrets are not compared here. The next lookup compares them
        return Optional.ofNullable(session.realms().getRealm(open.realmId()))
                .map(realm -> realm.getComponent(componentId))
                .filter(component -> new UserStorageProviderModel(component).isEnabled())
                .filter(component -> hasSettings(component, open.stored()))
                .isPresent();
    }

    private static boolean hasSettings(ComponentModel component, Settings settings) {
        try {
            return Settings.of(component).equals(settings);
        } catch (ComponentValidationException e) {
            return false;
        }
    }

    @Override
    public void close() {
        databases.values().forEach(OpenDatabases::close);
    }

    private static void close(@Nullable Open open) {
        if (open != null) {
            open.database().close();
        }
    }
}
