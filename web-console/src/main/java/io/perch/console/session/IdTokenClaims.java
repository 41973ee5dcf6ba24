package io.perch.console.session;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.security.oauth2.core.ClaimAccessor;

/** Reads the ID token claims of the realm's client {@code perch-console}. */
final class IdTokenClaims {

    private IdTokenClaims() {}

    static SignedInUser user(ClaimAccessor idToken) {
        String id = Objects.requireNonNullElse(idToken.getClaimAsString("sub"), "");
        String username = Objects.requireNonNullElse(idToken.getClaimAsString("preferred_username"), id);
        return new SignedInUser(id, username, roles(idToken), idToken.getClaimAsString("locale"));
    }

    private static List<String> roles(ClaimAccessor idToken) {
        Map<String, Object> realm = idToken.hasClaim("realm_access") ? idToken.getClaimAsMap("realm_access") : null;
        Object roles = realm == null ? null : realm.get("roles");
        return roles instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }
}
