package io.perch.resourceserver.crypto;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.security.GeneralSecurityException;

/** The steps that take a keyset from one key to the next. None of them changes a key that is there. */
enum KeysetRotation {
    /** Adds a key and seals with it at once: for one server, or for several that are stopped. */
    REPLACE {
        @Override
        void change(KeysetHandle.Builder keyset) {
            keyset.addEntry(newKey().makePrimary());
        }
    },
    /** Adds a key that opens and does not seal yet, so that every server knows it before the first one uses it. */
    PREPARE {
        @Override
        void change(KeysetHandle.Builder keyset) {
            keyset.addEntry(newKey());
        }
    },
    /** Seals with the key that was added last. */
    ACTIVATE {
        @Override
        void change(KeysetHandle.Builder keyset) {
            keyset.getAt(keyset.size() - 1).makePrimary();
        }
    },
    /** Drops every key that does not seal. What is still sealed with one of them is lost. */
    FINISH {
        @Override
        void change(KeysetHandle.Builder keyset) {
            for (int i = keyset.size() - 1; i >= 0; i--) {
                if (!keyset.getAt(i).isPrimary()) {
                    keyset.deleteAt(i);
                }
            }
        }
    };

    abstract void change(KeysetHandle.Builder keyset);

    /** Returns the keyset after this step. */
    KeysetHandle apply(KeysetHandle keyset) throws GeneralSecurityException {
        KeysetHandle.Builder changed = KeysetHandle.newBuilder(keyset).setConfiguration(AeadConfig2026.get());
        change(changed);
        return changed.build();
    }

    private static KeysetHandle.Builder.Entry newKey() {
        return KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                .withRandomId();
    }
}
