package io.perch.keycloak.legacy;

import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.Set;
import java.util.UUID;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** The imported users who were deleted. They are not imported again, although their old rows still exist. */
final class DeletedUsers {

    /** The UUID version of ids that are computed from a row. Keycloak's own ids are random. */
    private static final int IMPORTED_ID_VERSION = 3;

    private final EntityManager entities;

    DeletedUsers(KeycloakSession session) {
        this.entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    /** Stores that a user was deleted, if the user may have been imported. */
    void add(RealmModel realm, String userId) {
        if (isImportedId(userId) && entities.find(DeletedUserRow.class, userId) == null) {
            entities.persist(new DeletedUserRow(userId, realm.getId(), Time.currentTimeMillis()));
        }
    }

    /** The ids, among these, of users who were deleted. */
    Set<String> of(Collection<String> ids) {
        return ids.isEmpty()
                ? Set.of()
                : Set.copyOf(entities.createQuery(
                                "select d.id from PerchLegacyDeletedUser d where d.id in :ids", String.class)
                        .setParameter("ids", ids)
                        .getResultList());
    }

    /** Deletes all rows of a realm. */
    void deleteAll(RealmModel realm) {
        entities.createQuery("delete from PerchLegacyDeletedUser d where d.realmId = :realm")
                .setParameter("realm", realm.getId())
                .executeUpdate();
    }

    private static boolean isImportedId(String userId) {
        try {
            return UUID.fromString(userId).version() == IMPORTED_ID_VERSION;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
