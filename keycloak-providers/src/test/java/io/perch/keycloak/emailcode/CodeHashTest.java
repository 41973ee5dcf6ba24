package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class CodeHashTest {

    private static final SecretKey KEY = key("one");

    @Test
    void theSamePartsGiveTheSameHash() {
        assertEquals(CodeHash.keyed(KEY, "", "realm", "123456"), CodeHash.keyed(KEY, "", "realm", "123456"));
    }

    @Test
    void eachPartAndEachKeyCounts() {
        String hash = CodeHash.keyed(KEY, "", "realm", "123456");
        assertNotEquals(hash, CodeHash.keyed(KEY, "", "realm", "123457"));
        assertNotEquals(hash, CodeHash.keyed(KEY, "", "other", "123456"));
        assertNotEquals(hash, CodeHash.keyed(KEY, "secret", "realm", "123456"));
        assertNotEquals(hash, CodeHash.keyed(key("two"), "", "realm", "123456"));
    }

    @Test
    void partsDoNotRunIntoEachOther() {
        assertNotEquals(CodeHash.name("ab", "c"), CodeHash.name("a", "bc"));
    }

    @Test
    void hashesFitTheirColumns() {
        assertEquals(43, CodeHash.name("a").length());
        assertEquals(43, CodeHash.keyed(KEY, "", "a").length());
    }

    @Test
    void equalHashesAreTheSame() {
        assertTrue(CodeHash.same("abc", "abc"));
        assertFalse(CodeHash.same("abc", "abd"));
        assertFalse(CodeHash.same("abc", "ab"));
    }

    private static SecretKey key(String text) {
        return new SecretKeySpec(text.getBytes(StandardCharsets.US_ASCII), "HmacSHA512");
    }
}
