package io.perch.keycloak.outbox;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Publishes the state of every user of a realm again. Any transaction can request it. The relay does it in chunks. Each chunk and
 * the progress are written in one short transaction, so that another node can continue after a stop.
 */
final class Resync {

    /** Users of one chunk. Their locks are held while it is written, a few milliseconds. */
    private static final int CHUNK = 100;

    private Resync() {}

    /** Starts a resync unless one runs. Returns its progress. */
    static ResyncRow start(KeycloakSession session, RealmModel realm) {
        ResyncRow row = lockedRow(session, realm);
        if (!row.isRunning()) {
            row.start(users(session, realm), Time.currentTimeMillis());
        }
        return row;
    }

    /** Starts a resync because something has changed. If one runs, it will be repeated from the start. */
    static void restart(KeycloakSession session, RealmModel realm) {
        ResyncRow row = lockedRow(session, realm);
        if (row.isRunning()) {
            row.repeat();
        } else {
            row.start(users(session, realm), Time.currentTimeMillis());
        }
    }

    /** The progress; empty if no resync was ever requested. */
    static Optional<ResyncRow> progress(KeycloakSession session, RealmModel realm) {
        return Optional.ofNullable(entities(session).find(ResyncRow.class, realm.getId()));
    }

    static void deleteProgress(KeycloakSession session, RealmModel realm) {
        entities(session)
                .createQuery("delete from PerchOutboxResync r where r.realmId = :realm")
                .setParameter("realm", realm.getId())
                .executeUpdate();
    }

    /** Writes the next chunk of the oldest running resync. Returns false if none runs. */
    static boolean proceed(KeycloakSessionFactory sessions, Set<String> attributes) {
        return KeycloakModelUtils.runJobInTransactionWithResult(sessions, session -> {
            EntityManager entities = entities(session);
            List<String> running = entities.createQuery(
                            "select r.realmId from PerchOutboxResync r where r.state = :running order by r.startedAt",
                            String.class)
                    .setParameter("running", ResyncRow.State.RUNNING.name())
                    .setMaxResults(1)
                    .getResultList();
            if (running.isEmpty()) {
                return false;
            }
            ResyncRow row = entities.find(ResyncRow.class, running.get(0), LockModeType.PESSIMISTIC_WRITE);
            RealmModel realm = session.realms().getRealm(running.get(0));
            if (realm == null) {
                entities.remove(row);
            } else if (row.isRunning()) {
                session.getContext().setRealm(realm);
                proceed(session, realm, row, attributes);
            }
            return true;
        });
    }

    private static void proceed(KeycloakSession session, RealmModel realm, ResyncRow row, Set<String> attributes) {
        EntityManager entities = entities(session);
        long now = Time.currentTimeMillis();
        List<String> ids = entities.createQuery(
                        "select u.id from UserEntity u where u.realmId = :realm and u.id > :last"
                                + " and u.serviceAccountClientLink is null order by u.id",
                        String.class)
                .setParameter("realm", realm.getId())
                .setParameter("last", row.lastUser())
                .setMaxResults(CHUNK)
                .getResultList();
        if (ids.isEmpty()) {
            if (row.isToBeRepeated()) {
                row.start(users(session, realm), now);
            } else {
                row.finish(now);
            }
            return;
        }
        UserLock.acquire(entities, ids);
        Map<String, Map<String, Object>> states = new UserStates(session, attributes).local(realm, ids);
        for (String id : ids) {
            Map<String, Object> state = states.get(id);
            if (state != null) {
                OutboxEvent event = OutboxEvent.snapshot(realm, id, now, row.id());
                entities.persist(CloudEvents.row(
                        event,
                        new EventData()
                                .withAll(event.data())
                                .with("user", state)
                                .toMap(),
                        null));
            }
        }
        row.advance(ids.get(ids.size() - 1), ids.size(), now);
    }

    private static ResyncRow lockedRow(KeycloakSession session, RealmModel realm) {
        EntityManager entities = entities(session);
        ResyncRow row = entities.find(ResyncRow.class, realm.getId(), LockModeType.PESSIMISTIC_WRITE);
        if (row == null) {
            row = new ResyncRow(realm.getId());
            entities.persist(row);
        }
        return row;
    }

    private static long users(KeycloakSession session, RealmModel realm) {
        return entities(session)
                .createQuery(
                        "select count(u) from UserEntity u where u.realmId = :realm"
                                + " and u.serviceAccountClientLink is null",
                        Long.class)
                .setParameter("realm", realm.getId())
                .getSingleResult();
    }

    private static EntityManager entities(KeycloakSession session) {
        return session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }
}
