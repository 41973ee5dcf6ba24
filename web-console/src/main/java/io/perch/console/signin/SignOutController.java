package io.perch.console.signin;

import io.perch.console.session.Sessions;
import io.perch.console.web.ConsoleProperties;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/** Signing out: here and at Keycloak at once. */
@RestController
class SignOutController {

    /**
     * Where the browser has to go.
     *
     * @param location the first page; where Keycloak could not be reached from here, its own page that signs out (OpenID Connect
     *     RP-Initiated Logout 1.0), which asks first
     */
    record SignedOut(String location) {}

    private final Sessions sessions;
    private final KeycloakProperties keycloak;
    private final ConsoleProperties console;

    SignOutController(Sessions sessions, KeycloakProperties keycloak, ConsoleProperties console) {
        this.sessions = sessions;
        this.keycloak = keycloak;
        this.console = console;
    }

    @PostMapping("/logout")
    ResponseEntity<SignedOut> signOut(HttpServletRequest request) {
        String location = sessions.signOut(request) ? "/" : atKeycloak();
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(new SignedOut(location));
    }

    private String atKeycloak() {
        return UriComponentsBuilder.fromUriString(keycloak.forBrowsers("logout"))
                .queryParam("client_id", "{client}")
                .queryParam("post_logout_redirect_uri", "{back}")
                .encode()
                .buildAndExpand(keycloak.clientId(), console.at("/"))
                .toUriString();
    }
}
