package io.perch.keycloak.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class HashesTest {

    private static final SecretKey KEY = key("one");

    @Test
    void theSamePartsGiveTheSameHash() {
        assertEquals(Hashes.keyed(KEY, "use", "", "realm", "123456"), Hashes.keyed(KEY, "use", "", "realm", "123456"));
    }

    @Test
    void eachPartAndEachKeyCounts() {
        String hash = Hashes.keyed(KEY, "use", "", "realm", "123456");
        assertNotEquals(hash, Hashes.keyed(KEY, "use", "", "realm", "123457"));
        assertNotEquals(hash, Hashes.keyed(KEY, "use", "", "other", "123456"));
        assertNotEquals(hash, Hashes.keyed(KEY, "use", "secret", "realm", "123456"));
        assertNotEquals(hash, Hashes.keyed(KEY, "other use", "", "realm", "123456"));
        assertNotEquals(hash, Hashes.keyed(key("two"), "use", "", "realm", "123456"));
    }

    @Test
    void theBordersOfPartsMatter() {
        assertNotEquals(Hashes.name("ab", "c"), Hashes.name("a", "bc"));
    }

    @Test
    void hashesFitTheirColumns() {
        assertEquals(43, Hashes.name("a").length());
        assertEquals(43, Hashes.keyed(KEY, "use", "", "a").length());
    }

    @Test
    void equalHashesAreTheSame() {
        assertTrue(Hashes.same("abc", "abc"));
        assertFalse(Hashes.same("abc", "abd"));
        assertFalse(Hashes.same("abc", "ab"));
    }

    private static SecretKey key(String text) {
        return new SecretKeySpec(text.getBytes(StandardCharsets.US_ASCII), "HmacSHA512");
    }
}
