package io.perch.systemtests.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.perch.systemtests.PerchSystem;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The import of the realm file by Keycloak. */
class RealmImportIT extends IdentityTest {

    RealmImportIT(PerchSystem system) {
        super(system);
    }

    @Test
    void keycloakImportsTheRealmWithoutAWarning() throws IOException {
        assumeTrue(system.dataDirectory().isPresent(), "Keycloak's log cannot be read");
        var log = Files.readAllLines(system.dataDirectory().orElseThrow().resolve("logs/keycloak.log"));

        var lines = log.stream()
                .dropWhile(line -> !line.contains("Full model import requested"))
                .takeWhile(line -> !line.contains("Import finished successfully"))
                .toList();

        assertThat(lines).anyMatch(line -> line.contains("Realm 'perch' imported"));
        assertThat(lines).noneMatch(line -> line.contains(" WARN ") || line.contains(" ERROR "));
    }

    @Test
    void noPlaceholderIsLeft() {
        assertThat(admin.get("").toString()).doesNotContain("${SMTP_", "${FRONTEND_URL");
        assertThat(admin.client("perch-web").toString()).doesNotContain("${");
        assertThat(admin.get("/identity-provider/instances").toString()).doesNotContain("${");
    }
}
