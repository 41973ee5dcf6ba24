package io.perch.keycloak.notice;

import io.perch.keycloak.hash.Hashes;
import jakarta.persistence.EntityManager;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.crypto.Algorithm;
import org.keycloak.crypto.KeyUse;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** The devices that users have signed in from, in the database. Use it in a short transaction of its own. */
final class KnownDevices {

    private static final String USE = "perch-known-device";
    private static final String USE_WITH_COOKIE = "perch-known-browser";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final int limit;
    private final EntityManager entities;

    KnownDevices(KeycloakSession session, RealmModel realm, int limit) {
        this.session = session;
        this.realm = realm;
        this.limit = limit;
        this.entities = entities(session);
    }

    /**
     * Stores a device, or the time of its last use if it is known.
     *
     * @return whether it is a new device of a user who has other devices; false for a user's first device, and for the first browser
     *     with a cookie that looks like a device from the time before cookies
     */
    boolean add(String userId, Device device) {
        List<KnownDevice> known = entities.createQuery(
                        "select d from PerchKnownDevice d where d.realmId = :realm and d.userId = :user"
                                + " order by d.lastSeen",
                        KnownDevice.class)
                .setParameter("realm", realm.getId())
                .setParameter("user", userId)
                .getResultList();
        boolean hasOthers = false;
        @Nullable KnownDevice sameNames = null;
        for (KnownDevice other : known) {
            KeyWrapper key = session.keys().getKey(realm, other.keyId(), KeyUse.SIG, Algorithm.HS512);
            // Without its key a hash cannot be compared
            if (key != null) {
                hasOthers = true;
                if (Hashes.same(other.id(), id(key, userId, device))) {
                    other.seen(Time.currentTimeSeconds());
                    return false;
                }
                if (other.isBeforeCookies() && Hashes.same(other.id(), id(key, userId, device.withoutCookie()))) {
                    sameNames = other;
                }
            }
        }
        if (sameNames != null) {
            entities.remove(sameNames);
            known.remove(sameNames);
        }
        known.stream().limit(Math.max(0, known.size() - limit + 1L)).forEach(entities::remove);
        KeyWrapper key = session.keys().getActiveKey(realm, KeyUse.SIG, Algorithm.HS512);
        entities.persist(new KnownDevice(
                id(key, userId, device), realm.getId(), userId, key.getKid(), Time.currentTimeSeconds()));
        entities.flush();
        return hasOthers && sameNames == null;
    }

    static void deleteOfUser(KeycloakSession session, String realmId, String userId) {
        entities(session)
                .createQuery("delete from PerchKnownDevice d where d.realmId = :realm and d.userId = :user")
                .setParameter("realm", realmId)
                .setParameter("user", userId)
                .executeUpdate();
    }

    static void deleteOfRealm(KeycloakSession session, String realmId) {
        entities(session)
                .createQuery("delete from PerchKnownDevice d where d.realmId = :realm")
                .setParameter("realm", realmId)
                .executeUpdate();
    }

    private String id(KeyWrapper key, String userId, Device device) {
        return device.id() == null
                ? Hashes.keyed(key.getSecretKey(), USE, "", realm.getId(), userId, device.browser(), device.system())
                : Hashes.keyed(key.getSecretKey(), USE_WITH_COOKIE, "", realm.getId(), userId, device.id());
    }

    private static EntityManager entities(KeycloakSession session) {
        return session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }
}
