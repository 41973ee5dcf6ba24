package io.perch.resourceserver.crypto;

import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.security.GeneralSecurityException;

/** The steps of a key rotation. No step changes an existing key. */
enum KeysetRotation {
    /** Adds a key and seals with it at once: for a single server, or if all servers are stopped. */
    REPLACE {
        @Override
        void change(KeysetHandle.Builder keyset) {
            keyset.addEntry(newKey().makePrimary());
        }
    },
    /** Adds a key that only unseals, so that every server has it before the first one seals with it. */
    PREPARE {
        @Override
        void change(KeysetHandle.Builder keyset) {
            keyset.addEntry(newKey());
        }
    },
    /** Seals with the newest key. */
    ACTIVATE {
        @Override
        void change(KeysetHandle.Builder keyset) {
            keyset.getAt(keyset.size() - 1).makePrimary();
        }
    },
    /** Removes all keys except the primary key. Values that are still sealed with them are lost. */
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
