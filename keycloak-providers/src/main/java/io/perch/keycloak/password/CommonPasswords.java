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

/** A list of passwords that are in wide use, and what people make of them where they must be longer. */
final class CommonPasswords {

    private static final String LIST = "common-passwords.txt";

    /** A year or a few signs more. */
    private static final int MOST_ADDED = 4;

    private final Set<String> list;

    private CommonPasswords(Set<String> list) {
        this.list = list;
    }

    /** Reads the list that lies in the jar. */
    static CommonPasswords read() {
        try (InputStream stream = Objects.requireNonNull(CommonPasswords.class.getResourceAsStream(LIST), LIST);
                BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return new CommonPasswords(lines.lines().collect(Collectors.toUnmodifiableSet()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Whether a password is in the list, however it is written in capitals; or one of the list, or a few characters, over and
     * over; or one of the list between at most four digits or signs.
     */
    boolean contain(String password) {
        String lower = password.strip().toLowerCase(Locale.ROOT);
        return isAdorned(lower) || isRepeated(lower);
    }

    private boolean isAdorned(String password) {
        int ahead = Math.min(MOST_ADDED, ornaments(password));
        int behind = Math.min(MOST_ADDED, ornaments(new StringBuilder(password).reverse()));
        return IntStream.rangeClosed(0, ahead)
                .anyMatch(start -> IntStream.rangeClosed(0, Math.min(behind, MOST_ADDED - start))
                        .filter(end -> start + end < password.length())
                        .anyMatch(end -> list.contains(password.substring(start, password.length() - end))));
    }

    private static int ornaments(CharSequence text) {
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
                .filter(part -> part.length() <= MOST_ADDED || list.contains(part))
                .anyMatch(part -> part.repeat(password.length() / part.length()).equals(password));
    }
}
