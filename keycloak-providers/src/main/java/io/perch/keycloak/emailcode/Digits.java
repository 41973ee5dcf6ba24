package io.perch.keycloak.emailcode;

import java.security.SecureRandom;

/** The digits of a code, as they are made and as people enter them. */
final class Digits {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Digits() {}

    /** A fresh code, each as likely as every other. */
    static String random(int length) {
        StringBuilder code = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            code.append((char) ('0' + RANDOM.nextInt(10)));
        }
        return code.toString();
    }

    /**
     * What was entered, without blanks, dashes and marks that cannot be seen (a copied text may bring its writing direction
     * along), its digits as ASCII whatever script they are written in.
     */
    static String entered(String text) {
        StringBuilder code = new StringBuilder();
        text.codePoints().filter(Digits::counts).forEach(character -> {
            int digit = Character.digit(character, 10);
            code.appendCodePoint(digit < 0 ? character : '0' + digit);
        });
        return code.toString();
    }

    private static boolean counts(int character) {
        return !Character.isSpaceChar(character)
                && !Character.isWhitespace(character)
                && Character.getType(character) != Character.DASH_PUNCTUATION
                && Character.getType(character) != Character.FORMAT;
    }
}
