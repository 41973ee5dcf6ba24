package io.perch.keycloak.bcrypt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BcryptHashTest {

    private static final String HORSE = "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.";

    @ParameterizedTest
    @CsvFileSource(resources = "vectors.csv", quoteCharacter = '\'')
    void aPasswordMatchesAsForOtherLibraries(String source, String verdict, @Nullable String password, String hash) {
        byte[] octets = HexFormat.of().parseHex(password == null ? "" : password);
        assertEquals(verdict.equals("right"), parse(hash).matches(octets), source);
    }

    @Test
    void aPasswordIsReadAsUtf8() {
        assertTrue(parse("$2b$05$abcdefghijklmnopqrstuuY8YJcx7OeCJ9JYO3w834ps8x/8H3Gfy")
                .matches("pässwörd €"));
    }

    @Test
    void anUnpairedSurrogateDoesNotMatchAQuestionMark() {
        // passlib's hash of "?"
        BcryptHash hash = parse("$2b$05$abcdefghijklmnopqrstuudrZfDZyBYKsFbtgzTViMDpm8ejFOWC.");
        assertTrue(hash.matches("?"));
        assertFalse(hash.matches("\ud83d"));
    }

    // passlib refuses to hash or check such a password: bcrypt would use only "a", or "a" repeated
    @ParameterizedTest
    @ValueSource(strings = {"a\0", "a\0b", "a\0a", "\0"})
    void aPasswordWithNulMatchesNoBcryptHash(String password) {
        BcryptHash hash = parse("$2b$05$abcdefghijklmnopqrstuu8.veTXNDPV2eEsdpKNczMw2otgh5LnK");
        assertTrue(hash.matches("a"));
        assertFalse(hash.matches(password));
        assertFalse(parse("$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy")
                .matches(password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$bcrypt-sha256$2b,5$abcdefghijklmnopqrstuu$mDusAKQCMtckD9WCPdPU6kMjfvbiWUC",
                "$bcrypt-sha256$v=2,t=2b,r=5$abcdefghijklmnopqrstuu$kHkVpW7KnqaC1ZJL5QAyp8/kUUk5ECS"
            })
    void aPasswordWithNulMatchesABcryptSha256Hash(String text) {
        BcryptHash hash = parse(text);
        assertTrue(hash.matches("a\0b"));
        assertFalse(hash.matches("a\0c"));
        assertFalse(hash.matches("a"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "secret",
                "$2b$05$",
                "$2$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.",
                "$2x$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.",
                "$2b$5$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.",
                "$2b$03$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.",
                "$2b$17$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.",
                "$2b$31$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.",
                "$2b$05$abcdefghijklmnopqrst!uD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.",
                "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo",
                "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo..",
                "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.\n",
                "$bcrypt-sha256$2b,05$abcdefghijklmnopqrstuu$18WMj2EyYwxwC7AFPjPnCFuhKBEMLru",
                "$bcrypt-sha256$2y,5$abcdefghijklmnopqrstuu$18WMj2EyYwxwC7AFPjPnCFuhKBEMLru",
                "$bcrypt-sha256$v=1,t=2b,r=5$abcdefghijklmnopqrstuu$0jyZrpDNYLkQYX.JEOD4dGe.U6e9li2",
                "$bcrypt-sha256$v=3,t=2b,r=5$abcdefghijklmnopqrstuu$0jyZrpDNYLkQYX.JEOD4dGe.U6e9li2",
                "$bcrypt-sha256$v=2,t=2a,r=5$abcdefghijklmnopqrstuu$0jyZrpDNYLkQYX.JEOD4dGe.U6e9li2",
                "$bcrypt-sha256$v=2,t=2b,r=5$abcdefghijklmnopqrstuv$0jyZrpDNYLkQYX.JEOD4dGe.U6e9li2",
                "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$4u1J8j8wq8H8g8J8g8J8gA"
            })
    void otherTextIsNotRead(String text) {
        assertEquals(Optional.empty(), BcryptHash.parse(text).map(BcryptHash::toString));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "$2y$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo., \"bcrypt[2y,5]\"",
                "\"$bcrypt-sha256$2a,5$abcdefghijklmnopqrstuu$18WMj2EyYwxwC7AFPjPnCFuhKBEMLru\", \"bcrypt-sha256-v1[2a,5]\"",
                "\"$bcrypt-sha256$v=2,t=2b,r=5$abcdefghijklmnopqrstuu$0jyZrpDNYLkQYX.JEOD4dGe.U6e9li2\", \"bcrypt-sha256-v2[2b,5]\""
            })
    void itsTextHasOnlySchemeVersionAndCost(String text, String name) {
        assertEquals(name, parse(text).toString());
    }

    @Test
    void upperAndLowerCaseDiffer() {
        assertTrue(parse(HORSE).matches("correct horse battery"));
        assertFalse(parse(HORSE).matches("Correct horse battery"));
    }

    private static BcryptHash parse(String text) {
        return BcryptHash.parse(text).orElseThrow();
    }
}
