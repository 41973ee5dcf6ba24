package io.perch.resourceserver.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.aead.AesGcmParameters.Variant;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares the implementation with Tink's own, with the same keys. */
class AesGcmTest {

    private static final byte[] PLACE = "place".getBytes(UTF_8);
    private static final byte[] TEXT = "p@ssw0rd!".getBytes(UTF_8);

    /** The prefixes that a key may have. */
    enum Prefix {
        TINK(Variant.TINK),
        CRUNCHY(Variant.CRUNCHY),
        NONE(Variant.NO_PREFIX);

        private final Variant variant;

        Prefix(Variant variant) {
            this.variant = variant;
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothImplementationsOpenEachOthersValues(Prefix prefix) throws GeneralSecurityException {
        KeysetHandle keyset = rotated(newKeyset(prefix), prefix);
        Aead tink = keyset.getPrimitive(AeadConfig2026.get(), Aead.class);
        Aead ours = AesGcm.of(keyset);

        assertThat(ours).isInstanceOf(AesGcm.class);
        assertThat(ours.decrypt(tink.encrypt(TEXT, PLACE), PLACE)).isEqualTo(TEXT);
        assertThat(tink.decrypt(ours.encrypt(TEXT, PLACE), PLACE)).isEqualTo(TEXT);
        assertThat(ours.decrypt(ours.encrypt(new byte[0], PLACE), PLACE)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void anOlderKeyOpensItsValues(Prefix prefix) throws GeneralSecurityException {
        KeysetHandle old = newKeyset(prefix);
        byte[] sealed = AesGcm.of(old).encrypt(TEXT, PLACE);

        assertThat(AesGcm.of(rotated(old, prefix)).decrypt(sealed, PLACE)).isEqualTo(TEXT);
    }

    @Test
    void changedMovedAndTruncatedValuesDoNotOpen() throws GeneralSecurityException {
        Aead aead = AesGcm.of(newKeyset(Prefix.TINK));
        byte[] sealed = aead.encrypt(TEXT, PLACE);

        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            refuses(aead, changed, PLACE);
            refuses(aead, Arrays.copyOf(sealed, i), PLACE);
        }
        refuses(aead, sealed, "elsewhere".getBytes(UTF_8));
        refuses(AesGcm.of(newKeyset(Prefix.TINK)), sealed, PLACE);
    }

    @Test
    void aDisabledKeyOpensNothing() throws GeneralSecurityException {
        KeysetHandle old = newKeyset(Prefix.TINK);
        byte[] sealed = AesGcm.of(old).encrypt(TEXT, PLACE);
        KeysetHandle.Builder rotation =
                KeysetHandle.newBuilder(rotated(old, Prefix.TINK)).setConfiguration(AeadConfig2026.get());
        rotation.getAt(0).setStatus(com.google.crypto.tink.KeyStatus.DISABLED);

        refuses(AesGcm.of(rotation.build()), sealed, PLACE);
    }

    @Test
    void noNonceIsRepeated() throws GeneralSecurityException {
        Aead aead = AesGcm.of(newKeyset(Prefix.NONE));
        Set<String> nonces = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            nonces.add(Arrays.toString(Arrays.copyOf(aead.encrypt(TEXT, PLACE), 12)));
        }

        assertThat(nonces).hasSize(10_000);
    }

    @Test
    void otherKeyTypesUseTink() throws GeneralSecurityException {
        KeysetHandle keyset =
                KeysetHandle.generateNew(PredefinedAeadParameters.XCHACHA20_POLY1305, AeadConfig2026.get());
        Aead aead = AesGcm.of(keyset);

        assertThat(aead).isNotInstanceOf(AesGcm.class);
        assertThat(aead.decrypt(aead.encrypt(TEXT, PLACE), PLACE)).isEqualTo(TEXT);
    }

    private static void refuses(Aead aead, byte[] sealed, byte[] place) {
        assertThatExceptionOfType(GeneralSecurityException.class).isThrownBy(() -> aead.decrypt(sealed, place));
    }

    private static KeysetHandle newKeyset(Prefix prefix) throws GeneralSecurityException {
        return KeysetHandle.generateNew(parameters(prefix), AeadConfig2026.get());
    }

    private static KeysetHandle rotated(KeysetHandle old, Prefix prefix) throws GeneralSecurityException {
        KeysetHandle.Builder rotation = KeysetHandle.newBuilder(old).setConfiguration(AeadConfig2026.get());
        rotation.addEntry(KeysetHandle.generateEntryFromParameters(parameters(prefix))
                .withRandomId()
                .makePrimary());
        return rotation.build();
    }

    private static AesGcmParameters parameters(Prefix prefix) throws GeneralSecurityException {
        return AesGcmParameters.builder()
                .setKeySizeBytes(32)
                .setIvSizeBytes(12)
                .setTagSizeBytes(16)
                .setVariant(prefix.variant)
                .build();
    }
}
