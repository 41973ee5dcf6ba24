package io.perch.keycloak.legacy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys of an old database's rows, as a synchronization reads them. */
final class LegacyKeys {

    private LegacyKeys() {}

    /** Reads all rows, or those that have changed since a time. */
    static List<String> of(LegacyDatabase database, @Nullable Instant since) {
        List<String> keys = new ArrayList<>();
        List<LegacyUser> rows = database.chunk(null, since, 4);
        while (!rows.isEmpty()) {
            rows.forEach(row -> keys.add(row.row()));
            rows = database.chunk(keys.get(keys.size() - 1), since, 4);
        }
        return keys;
    }
}
