package io.perch.resourceserver.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.crypto.tink.KeysetHandle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysetCommandsTest {

    private static final SealedField FIELD = new SealedField("user", "record", "password");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    Path folder;

    @Test
    void aNewKeysetHasOneKeyInOneLine() throws GeneralSecurityException {
        String printed = run(0, Map.of(), "generate-keyset");

        assertThat(printed.lines()).hasSize(1);
        assertThat(Keysets.parse(printed).size()).isEqualTo(1);
        assertThat(err.size()).isZero();
    }

    @Test
    void aRotatedKeysetSealsWithANewKeyAndOpensWithTheOldOne() throws IOException, GeneralSecurityException {
        String old = Keysets.generate();
        Path file = Files.writeString(folder.resolve("keyset.json"), old);

        String rotated = run(0, Map.of("ENCRYPTION_KEYSET_FILE", file.toString()), "rotate-keyset");

        KeysetHandle keyset = Keysets.parse(rotated);
        assertThat(rotated.lines()).hasSize(1);
        assertThat(keyset.size()).isEqualTo(2);
        assertThat(keyset.getPrimary().getId())
                .isNotEqualTo(Keysets.parse(old).getPrimary().getId());
        assertThat(sealer(rotated).unseal(sealer(old).seal("text", FIELD), FIELD))
                .isEqualTo("text");
        assertThat(file).hasContent(old);
    }

    @Test
    void duringARollingRestartServersOpenEachOthersValues() {
        String one = Keysets.generate();
        String prepared = rotate(one, "prepare");
        String activated = rotate(prepared, "activate");
        String finished = rotate(activated, "finish");

        List<String> steps = List.of(one, prepared, activated, finished);
        for (int i = 0; i < steps.size() - 1; i++) {
            Sealer before = sealer(steps.get(i));
            Sealer after = sealer(steps.get(i + 1));
            assertThat(before.unseal(after.seal("text", FIELD), FIELD)).isEqualTo("text");
            if (i < 2) {
                assertThat(after.unseal(before.seal("text", FIELD), FIELD)).isEqualTo("text");
            }
        }
        String sealed = sealer(activated).seal("text", FIELD);
        assertThat(sealer(finished).isCurrent(sealed, FIELD)).isTrue();
        assertThat(sealer(one).isCurrent(sealer(prepared).seal("text", FIELD), FIELD))
                .isTrue();
        assertThat(sealer(activated).isCurrent(sealer(one).seal("text", FIELD), FIELD))
                .isFalse();
    }

    @Test
    void finishKeepsOnlyThePrimaryKey() throws GeneralSecurityException {
        String twice = rotate(rotate(Keysets.generate()));

        KeysetHandle finished = Keysets.parse(rotate(twice, "finish"));

        assertThat(finished.size()).isEqualTo(1);
        assertThat(finished.getPrimary().getId())
                .isEqualTo(Keysets.parse(twice).getPrimary().getId());
    }

    @Test
    void aMissingKeysetIsReportedAndNothingIsPrinted() {
        assertThat(run(1, Map.of(), "rotate-keyset")).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("No encryption keyset");
        assertThat(run(1, Map.of("ENCRYPTION_KEYSET", "top secret nonsense"), "rotate-keyset"))
                .isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("nonsense");
    }

    @Test
    void anUnknownCommandPrintsTheUsage() {
        assertThat(run(2, Map.of(), "rotate-keyset", "everything")).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("rotate-keyset prepare");
    }

    private String rotate(String keyset, String... step) {
        String[] command = step.length == 0 ? new String[] {"rotate-keyset"} : new String[] {"rotate-keyset", step[0]};
        return run(0, Map.of("ENCRYPTION_KEYSET", keyset), command);
    }

    private String run(int exitCode, Map<String, String> environment, String... command) {
        out.reset();
        assertThat(KeysetCommands.run(List.of(command), environment, printer(out), printer(err)))
                .as(err.toString(StandardCharsets.UTF_8))
                .isEqualTo(exitCode);
        return out.toString(StandardCharsets.UTF_8).strip();
    }

    private static PrintStream printer(ByteArrayOutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    private static Sealer sealer(String keyset) {
        return SealerTest.sealer(keyset, null);
    }
}
