package io.perch.keycloak.legacy;

import io.perch.keycloak.legacy.LookupMetrics.Result;
import io.perch.keycloak.legacy.OpenDatabases.Open;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.component.ComponentValidationException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.storage.UserStoragePrivateUtil;
import org.keycloak.storage.UserStorageProvider;
import org.keycloak.storage.user.UserLookupProvider;

/** Looks up users that Keycloak does not have, and imports them at once. */
public final class LegacyUsers implements UserStorageProvider, UserLookupProvider {

    private static final Logger LOG = Logger.getLogger(LegacyUsers.class);

    private final KeycloakSession session;
    private final String componentId;
    private final Supplier<Open> databases;
    private final LookupMetrics metrics;
    // Keycloak looks up the name of a refused sign-in again for its brute force protection. One query per request is
    // enough
    private final Set<String> unknownUsernames = new HashSet<>();
    private final Set<String> unknownEmails = new HashSet<>();

    /**
     * Creates a provider for one session.
     *
     * @param databases opens the component's database; throws {@link ComponentValidationException} if the configuration is wrong or
     *     its secret is missing
     */
    LegacyUsers(KeycloakSession session, String componentId, Supplier<Open> databases, LookupMetrics metrics) {
        this.session = session;
        this.componentId = componentId;
        this.databases = databases;
        this.metrics = metrics;
    }

    /** Always null, because imported users are in Keycloak's own database. */
    @Override
    public @Nullable UserModel getUserById(RealmModel realm, String id) {
        return null;
    }

    @Override
    public @Nullable UserModel getUserByUsername(RealmModel realm, String username) {
        UserModel user = find(realm, username, unknownUsernames, LegacyDatabase::byUsername);
        return user != null && LegacyUser.isSame(username, user.getUsername()) ? user : null;
    }

    @Override
    public @Nullable UserModel getUserByEmail(RealmModel realm, String email) {
        // An imported user who has changed the address must not be found by the old one
        UserModel user = find(realm, email, unknownEmails, LegacyDatabase::byEmail);
        return user != null && LegacyUser.isSame(email, user.getEmail()) ? user : null;
    }

    private @Nullable UserModel find(
            RealmModel realm,
            String value,
            Set<String> unknown,
            BiFunction<LegacyDatabase, String, List<LegacyUser>> query) {
        if (unknown.contains(value)) {
            return null;
        }
        Open open = open();
        List<LegacyUser> rows = run(() -> query.apply(open.database(), value));
        if (rows.isEmpty()) {
            unknown.add(value);
        }
        if (rows.size() > 1) {
            rows.forEach(row -> Importer.report(componentId, row, "twice"));
        }
        return rows.size() == 1 ? user(realm, rows.get(0), open.settings()) : null;
    }

    private Open open() {
        try {
            return databases.get();
        } catch (ComponentValidationException e) {
            LOG.errorf("legacy_configuration_wrong component=%s reason=%s", componentId, e.getMessage());
            throw Unavailable.in(session);
        }
    }

    private List<LegacyUser> run(Supplier<List<LegacyUser>> query) {
        long begun = System.nanoTime();
        try {
            List<LegacyUser> rows = query.get();
            metrics.record(Result.of(rows.size()), begun);
            return rows;
        } catch (LegacyDatabaseException e) {
            metrics.record(Result.UNAVAILABLE, begun);
            LOG.errorf(e, "legacy_database_unavailable component=%s reason=%s", componentId, e.getMessage());
            throw Unavailable.in(session);
        }
    }

    private @Nullable UserModel user(RealmModel realm, LegacyUser row, Settings settings) {
        // In a transaction of its own: a failed sign-in may roll back, but the user must stay, because failures are
        // counted for it
        try {
            KeycloakModelUtils.runJobInTransaction(
                    session.getKeycloakSessionFactory(),
                    session.getContext(),
                    own -> importRow(own, own.realms().getRealm(realm.getId()), row, settings));
        } catch (ModelDuplicateException e) {
            // A concurrent sign-in has imported the same user. If another user has taken the name, there is no user
            // with this id
            LOG.debugf(e, "legacy_import_overtaken row=%s", row.row());
        } catch (ModelException e) {
            LOG.errorf(e, "legacy_row_failed component=%s row=%s", componentId, row.row());
            return null;
        }
        return UserStoragePrivateUtil.userLocalStorage(session).getUserById(realm, row.id(componentId));
    }

    private void importRow(KeycloakSession own, RealmModel realm, LegacyUser row, Settings settings) {
        if (new Importer(own, realm, componentId, settings)
                .importAll(List.of(row))
                .contains(Importer.Outcome.ADDED)) {
            own.getKeycloakSessionFactory().publish(new UsersImported(own, realm, row.id(componentId)));
        }
    }

    @Override
    public void close() {}
}
