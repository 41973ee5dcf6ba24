package io.perch.keycloak.legacy;

import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Who came from an old database and was deleted: a deletion holds, though the old row is there still. */
final class DeletedUsers {

    /** Of ids that are made from a row; Keycloak's own are random. */
    private static final int MADE_FROM_A_ROW = 3;

    private final EntityManager entities;

    DeletedUsers(KeycloakSession session) {
        this.entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    /** Keeps in mind that a user is deleted, if it is one who may come back. */
    void add(RealmModel realm, String userId) {
        if (isMadeFromARow(userId) && entities.find(DeletedUserRow.class, userId) == null) {
            entities.persist(new DeletedUserRow(userId, realm.getId(), Time.currentTimeMillis()));
        }
    }

    /** Those of some ids whose users were deleted. */
    Set<String> of(Collection<String> ids) {
        return ids.isEmpty()
                ? Set.of()
                : Set.copyOf(entities.createQuery(
                                "select d.id from PerchLegacyDeletedUser d where d.id in :ids", String.class)
                        .setParameter("ids", ids)
                        .getResultList());
    }

    /** Forgets all of a realm. */
    void forget(RealmModel realm) {
        entities.createQuery("delete from PerchLegacyDeletedUser d where d.realmId = :realm")
                .setParameter("realm", realm.getId())
                .executeUpdate();
    }

    private static boolean isMadeFromARow(String userId) {
        try {
            return UUID.fromString(userId).version() == MADE_FROM_A_ROW;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
