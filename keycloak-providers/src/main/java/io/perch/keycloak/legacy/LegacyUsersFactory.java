package io.perch.keycloak.legacy;

import io.perch.keycloak.legacy.OpenDatabases.Open;
import java.time.Duration;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.keycloak.Config;
import org.keycloak.component.ComponentModel;
import org.keycloak.component.ComponentValidationException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RealmModel.RealmRemovedEvent;
import org.keycloak.models.UserModel.UserRemovedEvent;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.models.utils.PostMigrationEvent;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.storage.UserStorageProviderFactory;
import org.keycloak.storage.UserStorageProviderModel;
import org.keycloak.storage.user.ImportSynchronization;
import org.keycloak.storage.user.SynchronizationResult;
import org.keycloak.timer.TimerProvider;

/** The user federation {@code legacy-users}. It keeps the connections of each component until that is changed or removed. */
public final class LegacyUsersFactory implements UserStorageProviderFactory<LegacyUsers>, ImportSynchronization {

    /** The provider's name in components. */
    public static final String PROVIDER_ID = "legacy-users";

    // Old databases use their own clock, mostly without a time zone. To read a row twice has no effect
    private static final Duration OVERLAP = Duration.ofDays(1);

    /** Time between two checks whether open databases are still configured. */
    private static final Duration CHECK_PERIOD = Duration.ofSeconds(30);

    private final OpenDatabases databases = new OpenDatabases();
    private final IndexCheck indexCheck = new IndexCheck();

    @SuppressWarnings("NullAway.Init") // Keycloak calls postInit before create
    private LookupMetrics metrics;

    /** Does not open the database, because Keycloak also creates a provider to remove the realm's data. */
    @Override
    public LegacyUsers create(KeycloakSession session, ComponentModel component) {
        return new LegacyUsers(session, component.getId(), () -> databases.open(session, component), metrics);
    }

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public String getHelpText() {
        return "Imports users from an old service's database, with their passwords";
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return Options.all();
    }

    // A disabled component can be saved while its database is not available
    @Override
    public void validateConfiguration(KeycloakSession session, RealmModel realm, ComponentModel component) {
        if (realm.getName().equals(Config.getAdminRealm())) {
            throw new ComponentValidationException(
                    "The realm of the server's administrators cannot have this federation");
        }
        // Checks all values but the secret, which may be missing while the component is switched off
        Settings unused = Settings.of(component);
        if (!new UserStorageProviderModel(component).isEnabled() || isSynchronizationResult(realm, component)) {
            return;
        }
        Settings settings = Settings.of(component, session.vault());
        try (LegacyDatabase database = settings.vendor().open(settings)) {
            database.check();
            indexCheck.warn(settings, database);
        } catch (LegacyDatabaseException e) {
            String cause = e.getCause() == null ? "" : " (" + e.getCause().getMessage() + ")";
            throw new ComponentValidationException(
                    "No connection to the old database: " + literal(e.getMessage() + cause), e);
        }
    }

    // Keycloak saves the time of each synchronization in the component. If that were refused, it would lose the number
    // of failed rows
    private static boolean isSynchronizationResult(RealmModel realm, ComponentModel component) {
        ComponentModel saved = component.getId() == null ? null : realm.getComponent(component.getId());
        return saved != null
                && !saved.getConfig().equals(component.getConfig())
                && withoutTimes(saved).equals(withoutTimes(component));
    }

    private static Map<String, List<String>> withoutTimes(ComponentModel component) {
        Map<String, List<String>> config = new HashMap<>(component.getConfig());
        config.keySet().removeIf(name -> name.startsWith(UserStorageProviderModel.LAST_SYNC));
        return config;
    }

    // Keycloak formats a message with MessageFormat, so the special characters in a driver's message are escaped
    private static String literal(String message) {
        return message.replace("'", "''").replace("{", "'{'");
    }

    @Override
    public SynchronizationResult sync(
            KeycloakSessionFactory sessions, String realmId, UserStorageProviderModel component) {
        return synchronization(sessions, realmId, component).run(null);
    }

    @Override
    public SynchronizationResult syncSince(
            Date lastSync, KeycloakSessionFactory sessions, String realmId, UserStorageProviderModel component) {
        return synchronization(sessions, realmId, component)
                .run(lastSync.toInstant().minus(OVERLAP));
    }

    private Synchronization synchronization(
            KeycloakSessionFactory sessions, String realmId, UserStorageProviderModel component) {
        Open open = KeycloakModelUtils.runJobInTransactionWithResult(sessions, session -> {
            session.getContext().setRealm(session.realms().getRealm(realmId));
            return databases.open(session, component);
        });
        indexCheck.warnOfNew(open.settings(), open.database());
        return new Synchronization(sessions, realmId, component.getId(), open.settings(), open.database());
    }

    @Override
    public void preRemove(KeycloakSession session, RealmModel realm, ComponentModel component) {
        databases.close(component.getId());
        Synchronization.attributes(component.getId()).forEach(realm::removeAttribute);
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        metrics = new LookupMetrics();
        factory.register(event -> {
            if (event instanceof PostMigrationEvent) {
                KeycloakModelUtils.runJobInTransaction(factory, this::scheduleCheck);
            } else if (event instanceof UserRemovedEvent removed) {
                // So that a later lookup of the old row does not import the user again
                new DeletedUsers(removed.getKeycloakSession())
                        .add(removed.getRealm(), removed.getUser().getId());
            } else if (event instanceof RealmRemovedEvent removed) {
                new DeletedUsers(removed.getKeycloakSession()).deleteAll(removed.getRealm());
            }
        });
    }

    private void scheduleCheck(KeycloakSession session) {
        session.getProvider(TimerProvider.class)
                .scheduleTask(databases::closeOutdated, CHECK_PERIOD.toMillis(), "perch-legacy-databases");
    }

    @Override
    public void close() {
        databases.close();
    }
}
