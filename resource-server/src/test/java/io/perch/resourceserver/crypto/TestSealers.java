package io.perch.resourceserver.crypto;

/** Sealers for the tests of those who use them. */
public final class TestSealers {

    private TestSealers() {}

    /** Returns a sealer with a keyset that nobody else has. */
    public static Sealer ofNewKeyset() {
        return SealerTest.sealer(Keysets.generate());
    }
}
