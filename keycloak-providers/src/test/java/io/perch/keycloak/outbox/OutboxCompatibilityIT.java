package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.perch.keycloak.KeycloakProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxCompatibilityIT {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path directory;

    @Test
    void keycloakComparesTheRowFormatBeforeAnUpdate() throws Exception {
        Path file = directory.resolve("metadata.json");

        KeycloakProcess.run(List.of("update-compatibility", "metadata", "--file=" + file));

        assertEquals(
                Integer.toString(RowFormat.CURRENT),
                new ObjectMapper()
                        .readTree(Files.readString(file))
                        .path("perch-outbox")
                        .path("row-format")
                        .asText());
    }
}
