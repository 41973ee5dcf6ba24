package io.perch.keycloak.legacy;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.component.ComponentModel;

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
