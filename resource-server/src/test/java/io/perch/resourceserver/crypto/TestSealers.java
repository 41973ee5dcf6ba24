package io.perch.resourceserver.crypto;

import java.security.GeneralSecurityException;

/** Sealers and old values for the tests of those who use them. */
public final class TestSealers {

    /** A Fernet key of the old service. */
    public static final String FERNET_KEY = FernetKeysTest.KEY;

    /** What the old service made of {@code p@ssw0rd!} with that key, in 2017. */
    public static final String FERNET_PASSWORD = FernetKeysTest.PASSWORD;

    private TestSealers() {}

    /** Returns a sealer with a keyset that nobody else has, and the old service's key. */
    public static Sealer ofNewKeyset() {
        return of(Keysets.generate());
    }

    /** Returns a sealer with a keyset, and the old service's key. */
    public static Sealer of(String keyset) {
        return SealerTest.sealer(keyset, FERNET_KEY);
    }

    /** Returns a keyset with a new primary key that has the old keys too. */
    public static String rotated(String keyset) {
        return after(KeysetRotation.REPLACE, keyset);
    }

    /** Returns a keyset of the primary key alone. */
    public static String finished(String keyset) {
        return after(KeysetRotation.FINISH, keyset);
    }

    private static String after(KeysetRotation step, String keyset) {
        try {
            return Keysets.serialize(step.apply(Keysets.parse(keyset)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
