package io.perch.envfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvFileTest {

    @TempDir
    private Path directory;

    @Test
    void everyFormOfALineIsRead() throws IOException {
        assertThat(read("""
                # a comment
                   # another one

                PLAIN=value
                  export EXPORTED = with spaces\s\s
                EMPTY=
                COMMENTED=value # comment
                HASH=a#b
                HASH_IN_QUOTES="#b"
                URL=mongodb://localhost:27017/?replicaSet=rs&w=1
                QUOTE_INSIDE=it's
                SINGLE='{"key": "$1 \\n #"}' # comment
                DOUBLE="one\\ntwo \\"three\\" \\\\ \\d #" # comment
                EMPTY_QUOTES=''
                spring.name-1=dots
                TWICE=1
                TWICE=2
                """))
                .containsExactly(
                        Map.entry("PLAIN", "value"),
                        Map.entry("EXPORTED", "with spaces"),
                        Map.entry("EMPTY", ""),
                        Map.entry("COMMENTED", "value"),
                        Map.entry("HASH", "a#b"),
                        Map.entry("HASH_IN_QUOTES", "#b"),
                        Map.entry("URL", "mongodb://localhost:27017/?replicaSet=rs&w=1"),
                        Map.entry("QUOTE_INSIDE", "it's"),
                        Map.entry("SINGLE", "{\"key\": \"$1 \\n #\"}"),
                        Map.entry("DOUBLE", "one\ntwo \"three\" \\ \\d #"),
                        Map.entry("EMPTY_QUOTES", ""),
                        Map.entry("spring.name-1", "dots"),
                        Map.entry("TWICE", "2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Secret1",
                "Secret1 A=b",
                "=Secret1",
                "1A=Secret1",
                "A B=Secret1",
                "A='Secret1",
                "A=\"Secret1",
                "A=\"Secret1\\\"",
                "A='Secret1' more",
                "A='Secret1'#comment",
                "A=Secret1$B",
                "A=\"Secret1${B}\"",
                "A=#Secret1",
                "A= # Secret1",
                "A: Secret1"
            })
    void aLineThatCannotBeReadIsNamedByItsNumberWithoutItsValue(String line) {
        assertThatThrownBy(() -> read("# first\nB=1\n" + line + "\nC=2\n"))
                .isInstanceOf(EnvFileException.class)
                .hasMessageStartingWith(directory.resolve(".env") + ", line 3: ")
                .hasNoCause()
                .message()
                .doesNotContain("Secret1")
                .hasLineCount(1);
    }

    @Test
    void aFileOfAnEditorOnWindowsIsRead() throws IOException {
        assertThat(read("\uFEFFA=1\r\nB='2'\r\n")).containsExactly(Map.entry("A", "1"), Map.entry("B", "2"));
    }

    @Test
    void aLongValueIsRead() throws IOException {
        String value = "\\\\n".repeat(50_000);

        assertThat(read("A=\"" + value + "\"")).containsEntry("A", "\\n".repeat(50_000));
    }

    @Test
    void textInAnotherEncodingIsRefused() throws IOException {
        Files.write(directory.resolve(".env"), "A=Secret\u00e91".getBytes(StandardCharsets.ISO_8859_1));

        assertThatThrownBy(() -> EnvFile.read(directory.resolve(".env")))
                .isInstanceOf(EnvFileException.class)
                .hasMessage(directory.resolve(".env") + " is not text in UTF-8");
    }

    @Test
    void withoutAFileThereAreNoVariables() throws IOException {
        assertThat(EnvFile.read(directory.resolve(".env"))).isEmpty();

        Files.createDirectory(directory.resolve(".env"));
        assertThat(EnvFile.read(directory.resolve(".env"))).isEmpty();
    }

    @Test
    void theExampleOfDockerComposeIsRead() {
        assertThat(EnvFile.read(Path.of("../.env.example")))
                .containsEntry("FRONTEND_URL", "http://localhost:3000")
                .containsEntry("ADMIN_ADDRESSES", "127.0.0.1/32 ::1/128")
                .containsEntry("ENCRYPTION_KEYSET", "");
    }

    private Map<String, String> read(String text) throws IOException {
        return EnvFile.read(Files.writeString(directory.resolve(".env"), text));
    }
}
