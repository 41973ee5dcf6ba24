package io.perch.keycloak.emailcode;

import java.security.SecureRandom;

/** Creates the digits of a code, and reads them as users enter them. */
final class Digits {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Digits() {}

    /** A new random code. All codes have the same probability. */
    static String random(int length) {
        StringBuilder code = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            code.append((char) ('0' + RANDOM.nextInt(10)));
        }
        return code.toString();
    }

    /**
     * The entered text without blanks, dashes and invisible characters. Digits of every script become ASCII digits. Copied text may
     * contain invisible marks of its writing direction.
     */
    static String entered(String text) {
        StringBuilder code = new StringBuilder();
        text.codePoints().filter(Digits::isSignificant).forEach(character -> {
            int digit = Character.digit(character, 10);
            code.appendCodePoint(digit < 0 ? character : '0' + digit);
        });
        return code.toString();
    }

    private static boolean isSignificant(int character) {
        return !Character.isSpaceChar(character)
                && !Character.isWhitespace(character)
                && Character.getType(character) != Character.DASH_PUNCTUATION
                && Character.getType(character) != Character.FORMAT;
    }
}
