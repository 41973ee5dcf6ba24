package io.perch.console.signin;

import io.perch.console.session.Sessions;
import io.perch.console.session.SignedInUser;
import io.perch.console.web.ConsoleProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The session data that each page needs first. */
@RestController
class MeController {

    /**
     * The state of the browser's session.
     *
     * @param signedIn whether a user is signed in
     * @param user the user; absent if none is signed in
     * @param roles the user's realm roles
     * @param csrf the value of {@code X-CSRF-TOKEN} for changes; absent if no user is signed in
     * @param demo whether the first page shows the demo users
     * @param readOnly whether all changes to data of other users are refused
     * @param links addresses of other pages, by name
     */
    record Me(
            boolean signedIn,
            @Nullable SignedInUser user,
            List<String> roles,
            @Nullable String csrf,
            boolean demo,
            boolean readOnly,
            Map<String, String> links) {}

    private final Sessions sessions;
    private final ConsoleProperties console;
    private final Map<String, String> links = new TreeMap<>();

    MeController(Sessions sessions, ConsoleProperties console, KeycloakProperties keycloak, LinkProperties links) {
        this.sessions = sessions;
        this.console = console;
        URI realm = keycloak.issuerUri();
        String name = realm.getPath().substring(realm.getPath().lastIndexOf('/') + 1);
        this.links.put("account", realm + "/account/");
        this.links.put(
                "keycloak", realm.resolve("/admin/master/console/#/" + name).toString());
        put("api_docs", links.apiDocs());
        put("source", console.sourceUrl());
    }

    private void put(String name, @Nullable String link) {
        if (link != null && !link.isBlank()) {
            links.put(name, link);
        }
    }

    @GetMapping("/bff/me")
    ResponseEntity<Me> me(HttpServletRequest request, CsrfToken csrf) {
        Optional<SignedInUser> user = sessions.user(request);
        Me me = new Me(
                user.isPresent(),
                user.orElse(null),
                user.map(SignedInUser::roles).orElse(List.of()),
                // Only for a signed-in user, because reading the CSRF token creates a session
                user.isPresent() ? csrf.getToken() : null,
                console.demo(),
                console.readOnly(),
                links);
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(me);
    }
}
