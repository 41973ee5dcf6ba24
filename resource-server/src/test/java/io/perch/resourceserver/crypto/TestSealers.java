package io.perch.resourceserver.crypto;

import java.security.GeneralSecurityException;

/** Sealers and old values for the tests of other packages. */
public final class TestSealers {

    /** A Fernet key of the old service. */
    public static final String FERNET_KEY = FernetKeysTest.KEY;

    /** The old service's token for {@code p@ssw0rd!} with that key, from 2017. */
    public static final String FERNET_PASSWORD = FernetKeysTest.PASSWORD;

    private TestSealers() {}

    /** Returns a sealer with a new keyset and the old service's key. */
    public static Sealer ofNewKeyset() {
        return of(Keysets.generate());
    }

    /** Returns a sealer with this keyset and the old service's key. */
    public static Sealer of(String keyset) {
        return SealerTest.sealer(keyset, FERNET_KEY);
    }

    /** Returns a keyset with a new primary key and the old keys. */
    public static String rotated(String keyset) {
        return after(KeysetRotation.REPLACE, keyset);
    }

    /** Returns a keyset with the primary key only. */
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
