package io.perch.keycloak.outbox;

import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads rows, and what their topic depends on: the present name of their realm, and whether another realm has the name that the
 * event has. The realm's name is read in the same query. A query more is needed only for a name that is not the realm's present one.
 */
final class RowReader {

    private final TopicTemplate topic;

    RowReader(TopicTemplate topic) {
        this.topic = topic;
    }

    /**
     * The first rows of a query.
     *
     * @param end of the query in JPQL: condition and order of {@code r}
     */
    List<OutboxRow> read(EntityManager entities, String end, Consumer<TypedQuery<?>> parameters, int limit) {
        if (!topic.isPerRealm()) {
            TypedQuery<OutboxRow> query =
                    entities.createQuery("select r from PerchOutboxRow r " + end, OutboxRow.class);
            parameters.accept(query);
            return query.setMaxResults(limit)
                    .setHint("org.hibernate.readOnly", true)
                    .getResultList();
        }
        TypedQuery<Object[]> query = entities.createQuery(
                "select r, m.name, m.id from PerchOutboxRow r left join RealmEntity m on m.id = r.realmId " + end,
                Object[].class);
        parameters.accept(query);
        List<OutboxRow> rows = new ArrayList<>();
        Map<String, Optional<String>> owners = new HashMap<>();
        for (Object[] columns : query.setMaxResults(limit)
                .setHint("org.hibernate.readOnly", true)
                .getResultList()) {
            OutboxRow row = (OutboxRow) columns[0];
            if (columns[1] instanceof String name && columns[2] instanceof String id) {
                row.setRealm(id, name);
            }
            CloudEvents.realm(row.event())
                    .filter(name -> !name.equals(row.presentRealm()))
                    .ifPresent(name -> compare(row, name, owners.computeIfAbsent(name, key -> owner(entities, key))));
            rows.add(row);
        }
        return rows;
    }

    private void compare(OutboxRow row, String name, Optional<String> owner) {
        if (owner.isEmpty()) {
            return;
        }
        if (row.realmId() == null) {
            // Written before rows had a realm's id
            row.setRealm(owner.get(), name);
        } else if (topic.isByName() && !row.isReplayed() && !owner.get().equals(row.realmId()) && !row.endsRealm()) {
            row.setNameTaken();
        }
    }

    /** The id of the realm with a name. */
    private static Optional<String> owner(EntityManager entities, String name) {
        return entities.createQuery("select m.id from RealmEntity m where m.name = :name", String.class)
                .setParameter("name", name)
                .getResultStream()
                .findFirst();
    }
}
