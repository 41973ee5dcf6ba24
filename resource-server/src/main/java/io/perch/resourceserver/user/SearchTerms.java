package io.perch.resourceserver.user;

import io.perch.resourceserver.events.UserEvent.UserState;
import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The search terms of a user: user name, e-mail address, full name, and each word of the names, normalized. A search finds users
 * with a term that starts with the text, by an index. A search for text inside a term would need a full scan.
 */
final class SearchTerms {

    private static final Pattern SPACE = Pattern.compile("\\s+");

    private SearchTerms() {}

    static List<String> of(UserState user) {
        Set<String> terms = new LinkedHashSet<>();
        add(terms, user.username());
        add(terms, user.email());
        add(terms, user.firstName());
        add(terms, user.lastName());
        if (user.firstName() != null && user.lastName() != null) {
            add(terms, user.firstName() + ' ' + user.lastName());
        }
        for (String name : List.copyOf(terms)) {
            terms.addAll(List.of(name.split(" ")));
        }
        return List.copyOf(terms);
    }

    /** Returns a regular expression for terms that start with a text. The text is quoted. */
    static String beginningWith(String text) {
        return "^" + Pattern.quote(normalized(text));
    }

    private static void add(Set<String> terms, @Nullable String text) {
        if (text != null && !text.isBlank()) {
            terms.add(normalized(text));
        }
    }

    /** Normalizes a text like the terms. */
    static String normalized(String text) {
        String lower = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return SPACE.matcher(lower.strip()).replaceAll(" ");
    }
}
