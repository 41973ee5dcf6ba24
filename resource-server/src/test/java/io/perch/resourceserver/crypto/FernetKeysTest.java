package io.perch.resourceserver.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.security.GeneralSecurityException;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Values of Python's {@code cryptography} 50.0.2, as in the old services. */
class FernetKeysTest {

    static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    static final String PASSWORD =
            "gAAAAABZaC8Afi-1pJOBrk0YsgsUpBoxgAxtyWIDNhX5-2wgG9UuYHgvAZLXM1HisGbKGN7MpfdTNtxwNei3gJfrPLL1CTjGIA==";

    private static final String OTHER_KEY = "yMnKy8zNzs_Q0dLT1NXW19jZ2tvc3d7f4OHi4-Tl5uc=";
    private static final String BY_OTHER_KEY =
            "gAAAAABZaC8APIUOle89k_ZGdzofm-nkRhax8Cf6HVs3m9hmd0pOx60JO5UrRGDt4mg_iPYN5EYTNqH7ag5kNtl0fBPU3Ezq2HzDgnpwd4c9"
                    + "r01IzaZszmo=";
    private static final String EMPTY =
            "gAAAAABZaC8AFAweQinq8vyn2JVrm8LiyAHzstM15By8GXhS1Z1TFuViUFQtdr8l63MMi01l46LB9NU7wNGHCXBX1IzLGyI7cw==";
    private static final String FROM_THE_YEAR_2100 =
            "gAAAAAD0hlcAC1dVrvqSZI_3a0NbZtOR-UeX_w-_dqn2j2ordwnhxIIt75fBFUAYdRARTyL6vWXlqGhyZ4XVj3nTa_2A49S98Jb8LdnAm6fg"
                    + "qYRDwKDt6YGjVFjQLilhmgmDNbQ20c9XQkI0a8hkdza98v_v58wZb1S1HtszKSoaCpG_jzVIVkxbU8mMxJZzhCWEv1rZiDZfPQBiepiQ"
                    + "lLMkbegy_QSyMtDA_X1L-B-BhXpcse4KYDSgRA2E0Ec77YgbD7WNEe3O";

    @Test
    void valuesOfTheOldServiceOpenAtAnyAge() throws GeneralSecurityException {
        FernetKeys keys = FernetKeys.parse(KEY);

        assertThat(keys.open(PASSWORD)).isEqualTo("p@ssw0rd!");
        assertThat(keys.open(EMPTY)).isEmpty();
        assertThat(keys.open(FROM_THE_YEAR_2100)).isEqualTo("x".repeat(128));
    }

    @ParameterizedTest
    @ValueSource(strings = {KEY + "," + OTHER_KEY, OTHER_KEY + " , " + KEY + "\n"})
    void eachOfSeveralKeysIsTried(String text) throws GeneralSecurityException {
        FernetKeys keys = FernetKeys.parse(text);

        assertThat(keys.open(PASSWORD)).isEqualTo("p@ssw0rd!");
        assertThat(keys.open(BY_OTHER_KEY)).isEqualTo("пароль 🔑");
    }

    @Test
    void changedTokensAndTokensOfOtherKeysDoNotOpen() {
        FernetKeys keys = FernetKeys.parse(KEY);

        for (String token : new String[] {
            BY_OTHER_KEY,
            PASSWORD.replace("fi-1", "fi-2"),
            PASSWORD.substring(0, PASSWORD.length() - 8),
            "gAAAAA",
            "gAAAAABZaC8A*",
            PASSWORD + PASSWORD
        }) {
            assertThatExceptionOfType(GeneralSecurityException.class).isThrownBy(() -> keys.open(token));
        }
        assertThatExceptionOfType(GeneralSecurityException.class)
                .isThrownBy(() -> FernetKeys.parse(null).open(PASSWORD))
                .withMessageContaining("ENCRYPTION_KEY is not set");
    }

    @Test
    void tokensAndSealedValuesAreNotConfused() {
        Sealer sealer = TestSealers.ofNewKeyset();
        SealedField field = new SealedField("user", "record", "password");

        assertThat(sealer.isFernet(PASSWORD)).isTrue();
        for (int i = 0; i < 1000; i++) {
            assertThat(sealer.isFernet(sealer.seal("gAAAAA", field))).isFalse();
        }
        assertThat(sealer.isCurrent(PASSWORD, field)).isFalse();
        assertThat(sealer.openFernet(PASSWORD, field)).isEqualTo("p@ssw0rd!");
        assertThatExceptionOfType(UnsealException.class).isThrownBy(() -> sealer.unseal(PASSWORD, field));
        assertThatExceptionOfType(UnsealException.class).isThrownBy(() -> sealer.openFernet(BY_OTHER_KEY, field));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "c2VjcmV0", KEY + ",", "," + KEY, KEY + KEY, KEY + ",,", "*" + KEY})
    void aMalformedKeyStopsTheStartAndIsNotShown(String text) {
        assertThatExceptionOfType(KeysetUnavailableException.class)
                .isThrownBy(() -> FernetKeys.parse(text))
                .withNoCause()
                .withMessageMatching("ENCRYPTION_KEY is malformed: key \\d of \\d is not a Fernet key "
                        + "\\(32 bytes in URL-safe Base64\\)")
                .satisfies(failure -> {
                    FailureAnalysis analysis = Objects.requireNonNull(new KeysetFailureAnalyzer().analyze(failure));
                    assertThat(analysis.getAction()).startsWith("Set ENCRYPTION_KEY to the old service's key");
                });
    }
}
