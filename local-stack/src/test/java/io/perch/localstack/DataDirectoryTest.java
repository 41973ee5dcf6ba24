package io.perch.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @TempDir
    private Path temporary;

    @Test
    void onlyTheUserCanReadTheDirectory() throws Exception {
        var root = temporary.resolve("deep").resolve("data");
        try (var data = DataDirectory.lock(root)) {
            assertThat(modeOf(root)).isEqualTo("rwx------");
            assertThat(modeOf(data.directory("mail"))).isEqualTo("rwx------");
        }
    }

    @Test
    void aSecretIsRandomAndStoredAndOnlyTheUserCanReadIt() throws Exception {
        try (var data = DataDirectory.lock(temporary)) {
            var secret = data.secret("one");

            assertThat(secret).matches("[A-Za-z0-9_-]{43}").isNotEqualTo(data.secret("other"));
            assertThat(data.secret("one")).isEqualTo(secret);
            assertThat(modeOf(data.secretFile("one"))).isEqualTo("rw-------");
            assertThat(modeOf(temporary.resolve("secrets"))).isEqualTo("rwx------");
        }
    }

    @Test
    void aNewLogKeepsThePreviousLog() throws Exception {
        try (var data = DataDirectory.lock(temporary)) {
            Files.writeString(data.freshLog("redis"), "first");
            assertThat(data.freshLog("redis")).isEqualTo(data.log("redis")).doesNotExist();
            assertThat(temporary.resolve("logs").resolve("redis.log.1")).hasContent("first");
        }
    }

    @Test
    void aPathBelowAFileIsRefusedWithAOneLineMessage() throws IOException {
        var file = Files.createFile(temporary.resolve("file"));

        assertThatThrownBy(() -> DataDirectory.lock(file.resolve("data")))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("cannot be written")
                .hasMessageContaining("PERCH_DATA_DIR")
                .message()
                .hasLineCount(1);
    }

    private static String modeOf(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
