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
 * Imports all rows in chunks. Each chunk has its own transaction, which also stores the progress. After a crash the next run
 * continues with the unfinished chunk.
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

    /** The realm attributes with the progress of an unfinished synchronization. */
    static List<String> attributes(String componentId) {
        return List.of(done(componentId), since(componentId));
    }

    /** The attribute with the key of the last row that a full synchronization has processed. */
    private static String done(String componentId) {
        return "legacy-users." + componentId + ".done";
    }

    /**
     * The attribute with the time since which changed rows must be read. It is needed because Keycloak also stores the time of a
     * failed run as that of the last one.
     */
    private static String since(String componentId) {
        return "legacy-users." + componentId + ".since";
    }

    /**
     * Continues an unfinished synchronization, or starts a new one.
     *
     * @param since only rows that were created or changed since then, after the rest of an unfinished full synchronization; null
     *     for all
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
            // An interrupted run has published no event
            finish(after != null || missed != null || result.getAdded() > 0);
            LOG.infof("legacy_sync_finished component=%s done=%d", componentId, done);
        } catch (LegacyDatabaseException e) {
            // Otherwise the console would show a success
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
            importChunk(rows, newer == null ? after : null);
            done += rows.size();
            LOG.infof(
                    "legacy_sync component=%s done=%d rows=%d added=%d updated=%d refused=%d",
                    componentId, done, total, result.getAdded(), result.getUpdated(), result.getFailed());
            rows = database.chunk(after, newer, settings.chunk());
        }
        if (newer == null) {
            remove(done(componentId));
        }
    }

    private void importChunk(List<LegacyUser> rows, @Nullable String last) {
        SynchronizationResult chunk;
        try {
            chunk = inRealm((session, realm) -> {
                SynchronizationResult all = importAll(session, realm, rows);
                if (last != null) {
                    realm.setAttribute(done(componentId), last);
                }
                return all;
            });
        } catch (RuntimeException e) {
            // One of the rows failed, for example because its user has just registered
            LOG.warnf("legacy_sync_chunk_failed component=%s last=%s", componentId, last);
            chunk = importOneByOne(rows);
            if (last != null) {
                write(done(componentId), last);
            }
        }
        result.add(chunk);
    }

    private SynchronizationResult importOneByOne(List<LegacyUser> rows) {
        SynchronizationResult all = new SynchronizationResult();
        for (LegacyUser row : rows) {
            try {
                all.add(inRealm((session, realm) -> importAll(session, realm, List.of(row))));
            } catch (RuntimeException e) {
                LOG.errorf(e, "legacy_row_failed component=%s row=%s", componentId, row.row());
                all.increaseFailed();
            }
        }
        return all;
    }

    // Keycloak's batch mode writes the users of a chunk together. Otherwise each user would be written before the
    // queries for the next one
    private SynchronizationResult importAll(KeycloakSession session, RealmModel realm, List<LegacyUser> rows) {
        Importer importer = new Importer(session, realm, componentId, settings);
        SynchronizationResult all = new SynchronizationResult();
        EntityManagers.runInBatch(
                session, () -> importer.importAll(rows).forEach(outcome -> count(all, outcome)), false);
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

    private void remove(String attribute) {
        inRealm((session, realm) -> {
            realm.removeAttribute(attribute);
            return true;
        });
    }

    private void finish(boolean hasNewUsers) {
        inRealm((session, realm) -> {
            attributes(componentId).forEach(realm::removeAttribute);
            if (hasNewUsers) {
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

    /** A task in a transaction. */
    @FunctionalInterface
    private interface Work<T extends @Nullable Object> {
        T run(KeycloakSession session, RealmModel realm);
    }
}
