package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigitsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "123456",
                " 123 456 ",
                "123-456",
                "123\u2013456",
                "123\u00a0456\n",
                "\u200e123456\u200f",
                "\u0661\u0662\u0663\u0664\u0665\u0666"
            })
    void aCodeIsReadInEveryNotation(String entered) {
        assertEquals("123456", Digits.entered(entered));
    }

    @Test
    void otherCharactersStay() {
        assertEquals("12345x", Digits.entered("12345x"));
        assertEquals("", Digits.entered(" - "));
    }

    @Test
    void aCodeHasTheRequestedNumberOfDigits() {
        assertTrue(Digits.random(6).matches("[0-9]{6}"));
        assertTrue(Digits.random(8).matches("[0-9]{8}"));
    }

    @Test
    void everyDigitIsAboutEquallyFrequent() {
        int[] seen = new int[10];
        IntStream.range(0, 10_000).forEach(i -> Digits.random(6).chars().forEach(digit -> seen[digit - '0']++));
        assertTrue(IntStream.of(seen).allMatch(count -> count > 5_500 && count < 6_500));
    }
}
