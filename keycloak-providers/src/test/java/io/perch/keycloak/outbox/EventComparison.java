package io.perch.keycloak.outbox;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares the events in Kafka with the events in Keycloak's own tables, for one realm.
 *
 * @param kept user events and admin events in Keycloak's own tables
 * @param arrived different events in Kafka
 * @param duplicates records with an event that an earlier record has
 * @param delays milliseconds from each event until it was first sent
 * @param faults the differences that are errors; empty if there are none
 */
record EventComparison(int kept, int arrived, int duplicates, List<Double> delays, List<String> faults) {

    /** Compares the events of one realm. */
    static EventComparison of(EmbeddedPostgres database, KafkaBroker broker, EventsRealm realm) throws SQLException {
        String realmId = realm.realm.toRepresentation().getId();
        Set<String> kept = ids(database, "select id from event_entity where realm_id = '" + realmId + "'");
        kept.addAll(ids(
                database,
                "select id from admin_event_entity where realm_id = '" + realmId + "' and resource_type = 'USER'"));
        Map<String, String> arrived = new HashMap<>();
        Map<String, Long> last = new HashMap<>();
        List<String> faults = new ArrayList<>();
        List<Double> delays = new ArrayList<>();
        int duplicates = 0;
        for (ReceivedEvent event : broker.received()) {
            if (!event.attribute("source").equals("/realms/" + realm.name)
                    || event.type().equals(EventKind.SNAPSHOT.type())) {
                continue;
            }
            String before = arrived.put(event.id(), event.text());
            if (before != null) {
                duplicates++;
                if (!before.equals(event.text())) {
                    faults.add("differs from its duplicate: " + event.text());
                }
                continue;
            }
            delays.add(event.delay());
            if (last.merge(event.key(), event.sequence(), Math::max) != event.sequence()) {
                faults.add("comes after a later one: " + event.text());
            }
        }
        Set<String> missing = new TreeSet<>(kept);
        missing.removeAll(arrived.keySet());
        missing.forEach(id -> faults.add("is missing: " + id));
        arrived.forEach((id, text) -> {
            if (!kept.contains(id)) {
                faults.add("never happened: " + text);
            }
        });
        return new EventComparison(kept.size(), arrived.size(), duplicates, delays, faults);
    }

    /** The number of waiting rows. */
    static long waiting(EmbeddedPostgres database) throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select count(*) from perch_outbox")) {
            result.next();
            return result.getLong(1);
        }
    }

    private static Set<String> ids(EmbeddedPostgres database, String query) throws SQLException {
        try (Connection connection = database.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            Set<String> ids = new HashSet<>();
            while (result.next()) {
                ids.add(result.getString(1));
            }
            return ids;
        }
    }
}
