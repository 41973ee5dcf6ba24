package io.perch.resourceserver.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.security.GeneralSecurityException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealerTest {

    private static final SealedField FIELD = new SealedField("user", "record", "password");

    private final Sealer sealer = sealer(Keysets.generate());

    @ParameterizedTest
    @ValueSource(strings = {"", "p@ssw0rd!", "\u0000", "пароль 🔑"})
    void sealedValuesOpen(String plaintext) {
        assertThat(sealer.unseal(sealer.seal(plaintext, FIELD), FIELD)).isEqualTo(plaintext);
    }

    @Test
    void sealingTheSameTextTwiceGivesDifferentValues() {
        assertThat(sealer.seal("text", FIELD)).isNotEqualTo(sealer.seal("text", FIELD));
    }

    @Test
    void aMovedValueDoesNotOpen() {
        String sealed = sealer.seal("text", FIELD);

        for (SealedField elsewhere : new SealedField[] {
            new SealedField("other", "record", "password"),
            new SealedField("user", "other", "password"),
            new SealedField("user", "record", "email"),
            new SealedField("userrecord", "", "password"),
            new SealedField("use", "rrecord", "password")
        }) {
            assertThatExceptionOfType(UnsealException.class).isThrownBy(() -> sealer.unseal(sealed, elsewhere));
        }
    }

    @Test
    void aChangedValueDoesNotOpen() {
        byte[] sealed = Base64.getDecoder().decode(sealer.seal("text", FIELD));
        sealed[sealed.length - 1] ^= 1;
        String changed = Base64.getEncoder().encodeToString(sealed);

        assertThatExceptionOfType(UnsealException.class).isThrownBy(() -> sealer.unseal(changed, FIELD));
        assertThatExceptionOfType(UnsealException.class).isThrownBy(() -> sealer.unseal("not base64!", FIELD));
        assertThatExceptionOfType(UnsealException.class).isThrownBy(() -> sealer.unseal("", FIELD));
    }

    @Test
    void oldValuesOpenAfterARotation() throws GeneralSecurityException {
        KeysetHandle old = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AeadConfig2026.get());
        String sealed = new Sealer(old, FernetKeys.parse(null)).seal("text", FIELD);

        KeysetHandle.Builder rotation = KeysetHandle.newBuilder(old).setConfiguration(AeadConfig2026.get());
        rotation.addEntry(KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                .withRandomId()
                .makePrimary());
        Sealer rotated = new Sealer(rotation.build(), FernetKeys.parse(null));

        assertThat(rotated.unseal(sealed, FIELD)).isEqualTo("text");
        assertThat(rotated.isCurrent(sealed, FIELD)).isFalse();
        assertThat(rotated.isCurrent(rotated.seal("text", FIELD), FIELD)).isTrue();
        assertThatExceptionOfType(UnsealException.class).isThrownBy(() -> sealer.unseal(sealed, FIELD));
    }

    private static Sealer sealer(String keyset) {
        return sealer(keyset, null);
    }

    static Sealer sealer(String keyset, @Nullable String fernetKeys) {
        try {
            return new Sealer(Keysets.parse(keyset), FernetKeys.parse(fernetKeys));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
