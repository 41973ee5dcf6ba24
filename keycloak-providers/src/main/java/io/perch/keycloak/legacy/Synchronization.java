package io.perch.keycloak.legacy;

import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.connections.jpa.support.EntityManagers;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.storage.user.SynchronizationResult;

/**
 * Imports all rows in chunks, each in a transaction of its own that also keeps how far it came: a server that dies goes on
 * with the chunk that it died in.
 */
final class Synchronization {

    private static final Logger LOG = Logger.getLogger(Synchronization.class);

    private final KeycloakSessionFactory sessions;
    private final String realmId;
    private final String componentId;
    private final Settings settings;
    private final LegacyDatabase database;
    private final SynchronizationResult result = new SynchronizationResult();
    private long done;

    Synchronization(
            KeycloakSessionFactory sessions,
            String realmId,
            String componentId,
            Settings settings,
            LegacyDatabase database) {
        this.sessions = sessions;
        this.realmId = realmId;
        this.componentId = componentId;
        this.settings = settings;
        this.database = database;
    }

    /** The realm's attributes with what an unfinished synchronization leaves to the next one. */
    static List<String> attributes(String componentId) {
        return List.of(done(componentId), since(componentId));
    }

    /** With the key of the last row that is done, of all rows. */
    private static String done(String componentId) {
        return "legacy-users." + componentId + ".done";
    }

    /** With the time since when rows have to be looked at that have changed. Keycloak takes a failed run for the last one. */
    private static String since(String componentId) {
        return "legacy-users." + componentId + ".since";
    }

    /**
     * Goes on where the last one stopped, or begins.
     *
     * @param since only newer or changed rows, after the rest of all rows where that is unfinished; null for all
     */
    SynchronizationResult run(@Nullable Instant since) {
        String after = read(done(componentId));
        String missed = read(since(componentId));
        try {
            if (since == null || after != null) {
                pass(after, null);
            }
            if (since != null) {
                Instant from = missed == null ? since : earlier(since, Instant.parse(missed));
                write(since(componentId), from.toString());
                pass(null, from);
            }
            // Of one that died on its way nobody was told
            finish(after != null || missed != null || result.getAdded() > 0);
            LOG.infof("legacy_sync_finished component=%s done=%d", componentId, done);
        } catch (LegacyDatabaseException e) {
            // Else the console would show it as a success
            result.increaseFailed();
            LOG.errorf(e, "legacy_sync_interrupted component=%s done=%d reason=%s", componentId, done, e.getMessage());
        }
        return result;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private void pass(@Nullable String first, @Nullable Instant newer) {
        long total = database.count();
        LOG.infof("legacy_sync_started component=%s rows=%d after=%s since=%s", componentId, total, first, newer);
        String after = first;
        List<LegacyUser> rows = database.chunk(after, newer, settings.chunk());
        while (!rows.isEmpty()) {
            after = rows.get(rows.size() - 1).row();
            take(rows, newer == null ? after : null);
            done += rows.size();
            LOG.infof(
                    "legacy_sync component=%s done=%d rows=%d added=%d updated=%d refused=%d",
                    componentId, done, total, result.getAdded(), result.getUpdated(), result.getFailed());
            rows = database.chunk(after, newer, settings.chunk());
        }
        if (newer == null) {
            forget(done(componentId));
        }
    }

    private void take(List<LegacyUser> rows, @Nullable String last) {
        SynchronizationResult chunk;
        try {
            chunk = inRealm((session, realm) -> {
                SynchronizationResult all = takeAll(session, realm, rows);
                if (last != null) {
                    realm.setAttribute(done(componentId), last);
                }
                return all;
            });
        } catch (RuntimeException e) {
            // One row among them, such as one whose user has registered in this moment
            LOG.warnf("legacy_sync_chunk_failed component=%s last=%s", componentId, last);
            chunk = takeOneByOne(rows);
            if (last != null) {
                write(done(componentId), last);
            }
        }
        result.add(chunk);
    }

    private SynchronizationResult takeOneByOne(List<LegacyUser> rows) {
        SynchronizationResult all = new SynchronizationResult();
        for (LegacyUser row : rows) {
            try {
                all.add(inRealm((session, realm) -> takeAll(session, realm, List.of(row))));
            } catch (RuntimeException e) {
                LOG.errorf(e, "legacy_row_failed component=%s row=%s", componentId, row.row());
                all.increaseFailed();
            }
        }
        return all;
    }

    // In Keycloak's batch mode, which writes a chunk's users together and not one before the next one's queries
    private SynchronizationResult takeAll(KeycloakSession session, RealmModel realm, List<LegacyUser> rows) {
        Importer importer = new Importer(session, realm, componentId, settings);
        SynchronizationResult all = new SynchronizationResult();
        EntityManagers.runInBatch(session, () -> importer.take(rows).forEach(outcome -> count(all, outcome)), false);
        return all;
    }

    private static void count(SynchronizationResult all, Importer.Outcome outcome) {
        switch (outcome) {
            case ADDED -> all.increaseAdded();
            case UPDATED -> all.increaseUpdated();
            case REFUSED -> all.increaseFailed();
            case KNOWN, DELETED -> {}
        }
    }

    private @Nullable String read(String attribute) {
        return inRealm((session, realm) -> realm.getAttribute(attribute));
    }

    private void write(String attribute, String value) {
        inRealm((session, realm) -> {
            realm.setAttribute(attribute, value);
            return true;
        });
    }

    private void forget(String attribute) {
        inRealm((session, realm) -> {
            realm.removeAttribute(attribute);
            return true;
        });
    }

    private void finish(boolean somebodyCame) {
        inRealm((session, realm) -> {
            attributes(componentId).forEach(realm::removeAttribute);
            if (somebodyCame) {
                sessions.publish(new UsersImported(session, realm, null));
            }
            return true;
        });
    }

    private <T extends @Nullable Object> T inRealm(Work<T> work) {
        return KeycloakModelUtils.runJobInTransactionWithResult(sessions, session -> {
            RealmModel realm = session.realms().getRealm(realmId);
            session.getContext().setRealm(realm);
            return work.run(session, realm);
        });
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    private interface Work<T extends @Nullable Object> {
        T run(KeycloakSession session, RealmModel realm);
    }
}
