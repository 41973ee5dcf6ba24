package io.perch.console.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who is signed in, as the ID token says.
 *
 * @param id the {@code sub}
 * @param username the user name
 * @param roles the realm roles, those that come with others among them
 * @param locale the language that the user chose at Keycloak, or null
 */
public record SignedInUser(
        String id,
        String username,
        List<String> roles,
        @Nullable String locale) {}
