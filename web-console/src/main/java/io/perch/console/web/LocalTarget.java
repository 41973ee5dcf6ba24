package io.perch.console.web;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page after the sign-in. It is always a page of the console, never another site. */
public final class LocalTarget {

    /** The page if no other one is requested. */
    public static final String DEFAULT = "/logins";

    /**
     * Accepts nothing that a browser reads as another host, such as {@code //host} and {@code /\host}, and no quotation
     * marks, which browsers encode.
     */
    private static final Pattern KNOWN_PAGE = Pattern.compile(
            "/(?:logins|accounts|me|moderation|admin|signed-in)(?:[/?][\\x21\\x23-\\x5B\\x5D-\\x7E]*)?");

    /** It is stored in a cookie until the sign-in is finished. */
    private static final int MAX_LENGTH = 1_000;

    private LocalTarget() {}

    /**
     * Checks a target.
     *
     * @param target the target in the request, or null
     * @return the target if it is a page of the console, or else {@link #DEFAULT}
     */
    public static String of(@Nullable String target) {
        if (target == null || target.length() > MAX_LENGTH) {
            return DEFAULT;
        }
        return KNOWN_PAGE.matcher(target).matches() ? target : DEFAULT;
    }
}
