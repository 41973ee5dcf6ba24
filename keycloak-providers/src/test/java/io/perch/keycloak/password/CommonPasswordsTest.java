package io.perch.keycloak.password;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommonPasswordsTest {

    private static final CommonPasswords COMMON = CommonPasswords.read();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "PassWord",
                " password ",
                "1234567890",
                "qwertyuiop",
                "password1234",
                "!password2!",
                "Qwertyuiop26",
                "passwordpassword",
                "aaaaaaaaaaaa",
                "abcabcabcabc",
                "12341234123412341234"
            })
    void frequentPasswordsAreCommon(String password) {
        assertTrue(COMMON.contain(password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1234",
                "correct horse battery",
                "perch-demo-alice",
                "my password is long",
                "password-of-perch",
                "password20261120",
                "пароль-которого-нет",
                "kw7-ehg-pq2-xvb"
            })
    void otherPasswordsAreNot(String password) {
        assertFalse(COMMON.contain(password));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 64, 100_000})
    void aLongPasswordIsChecked(int length) {
        assertFalse(COMMON.contain("x".repeat(length) + "password-and-more"));
    }
}
