package io.perch.resourceserver.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.crypto.tink.KeysetHandle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.diagnostics.FailureAnalysis;

class KeysetSourceTest {

    @TempDir
    Path folder;

    @Test
    void withoutAKeysetTheStartFailsWithAClearMessage() {
        for (String keyset : new @Nullable String[] {null, "", "  "}) {
            assertThatExceptionOfType(KeysetUnavailableException.class)
                    .isThrownBy(() -> load(keyset, null, false))
                    .withMessage("No encryption keyset: set ENCRYPTION_KEYSET or ENCRYPTION_KEYSET_FILE");
        }
    }

    @Test
    void anUnreadableKeysetIsReportedAndNotShown() throws IOException {
        Path file = Files.writeString(folder.resolve("keyset.json"), "top secret nonsense");

        assertThatExceptionOfType(KeysetUnavailableException.class)
                .isThrownBy(() -> load(null, file, false))
                .withMessageContaining("keyset.json")
                .withMessageNotContaining("nonsense");
        assertThatExceptionOfType(KeysetUnavailableException.class)
                .isThrownBy(() -> load("top secret nonsense", null, false))
                .withMessageContaining("ENCRYPTION_KEYSET")
                .withMessageNotContaining("nonsense");
        assertThatExceptionOfType(KeysetUnavailableException.class)
                .isThrownBy(() -> load(null, folder.resolve("missing.json"), false))
                .withMessageContaining("missing.json");
    }

    @Test
    void theFailureSuggestsAnAction() {
        KeysetUnavailableException failure = KeysetUnavailableException.missing();

        FailureAnalysis analysis = Objects.requireNonNull(new KeysetFailureAnalyzer().analyze(failure));

        assertThat(analysis.getDescription()).contains("ENCRYPTION_KEYSET");
        assertThat(analysis.getAction()).contains("generate-keyset");
    }

    @Test
    void aMissingFileIsCreatedOnceAndOnlyItsOwnerCanReadIt() throws IOException {
        Path file = folder.resolve("deep/keyset.json");

        var first = load(null, file, true);
        var second = load(null, file, true);

        assertThat(second.equalsKeyset(first)).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void theEnvironmentHasPriorityOverTheFile() throws IOException {
        Path file = Files.writeString(folder.resolve("keyset.json"), "never read");

        assertThat(load(Keysets.generate(), file, false).size()).isEqualTo(1);
    }

    @Test
    void keysAreNotLogged() {
        assertThat(new EncryptionProperties("the-secret", null, "the-other-secret", false))
                .hasToString("EncryptionProperties[keysetFile=null, createMissing=false]");
    }

    private static KeysetHandle load(@Nullable String keyset, @Nullable Path file, boolean create) {
        return new KeysetSource(new EncryptionProperties(keyset, file, null, create)).load();
    }
}
