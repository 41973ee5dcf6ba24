package io.perch.keycloak.password;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A list of common passwords. It also recognizes the usual ways to make them longer. */
final class CommonPasswords {

    private static final String LIST = "common-passwords.txt";

    /** The most characters that are added to a common password, such as a year. */
    private static final int MAX_ADDED = 4;

    private final Set<String> list;

    private CommonPasswords(Set<String> list) {
        this.list = list;
    }

    /** Reads the list from the jar. */
    static CommonPasswords read() {
        try (InputStream stream = Objects.requireNonNull(CommonPasswords.class.getResourceAsStream(LIST), LIST);
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return new CommonPasswords(lines.lines().collect(Collectors.toUnmodifiableSet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Whether a password is common, ignoring case. It is common if it is in the list, if it repeats a password of the list or at
     * most four characters, or if it is a password of the list with at most four digits or signs before and after it.
     */
    boolean contain(String password) {
        String lower = password.strip().toLowerCase(Locale.ROOT);
        return isExtended(lower) || isRepeated(lower);
    }

    private boolean isExtended(String password) {
        int before = Math.min(MAX_ADDED, leadingNonLetters(password));
        int after = Math.min(MAX_ADDED, leadingNonLetters(new StringBuilder(password).reverse()));
        return IntStream.rangeClosed(0, before)
                .anyMatch(start -> IntStream.rangeClosed(0, Math.min(after, MAX_ADDED - start))
                        .filter(end -> start + end < password.length())
                        .anyMatch(end -> list.contains(password.substring(start, password.length() - end))));
    }

    private static int leadingNonLetters(CharSequence text) {
        int count = 0;
        while (count < text.length() && !Character.isLetter(text.charAt(count))) {
            count++;
        }
        return count;
    }

    private boolean isRepeated(String password) {
        return IntStream.rangeClosed(1, password.length() / 2)
                .filter(length -> password.length() % length == 0)
                .mapToObj(length -> password.substring(0, length))
                .filter(part -> part.length() <= MAX_ADDED || list.contains(part))
                .anyMatch(part -> part.repeat(password.length() / part.length()).equals(password));
    }
}
