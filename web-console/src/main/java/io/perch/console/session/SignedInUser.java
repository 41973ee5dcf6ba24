package io.perch.console.session;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The signed-in user, read from the ID token.
 *
 * @param id the {@code sub}
 * @param username the user name
 * @param roles the realm roles, with those of composite roles
 * @param locale the language that the user chose at Keycloak, or null
 */
public record SignedInUser(
        String id,
        String username,
        List<String> roles,
        @Nullable String locale) {}
