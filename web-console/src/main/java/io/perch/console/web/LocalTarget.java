package io.perch.console.web;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a browser is sent after signing in: one of the console's own pages, and nowhere else. */
public final class LocalTarget {

    /** The page of who comes from nowhere in particular. */
    public static final String DEFAULT = "/logins";

    /** Nothing that a browser could take for another host: it reads {@code //host} and {@code /\host} as one. */
    private static final Pattern KNOWN_PAGE =
            Pattern.compile("/(?:logins|accounts|me|moderation|admin|signed-in)(?:[/?][\\x21-\\x5B\\x5D-\\x7E]*)?");

    private static final int LONGEST = 2048;

    private LocalTarget() {}

    /**
     * Reads a target.
     *
     * @param target what the browser sent, or null
     * @return the target where it is a page of the console, else {@link #DEFAULT}
     */
    public static String of(@Nullable String target) {
        if (target == null || target.length() > LONGEST) {
            return DEFAULT;
        }
        return KNOWN_PAGE.matcher(target).matches() ? target : DEFAULT;
    }
}
