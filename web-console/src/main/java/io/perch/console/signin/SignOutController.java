package io.perch.console.signin;

import io.perch.console.session.Sessions;
import io.perch.console.web.ConsoleProperties;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/** Signs the user out, here and at Keycloak. */
@RestController
class SignOutController {

    /**
     * The address that the browser must open next.
     *
     * @param location the first page. If this server could not reach Keycloak, Keycloak's logout page (OpenID Connect
     *     RP-Initiated Logout 1.0), which asks the user for confirmation
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
        String location = sessions.signOut(request) ? "/" : keycloakLogoutPage();
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(new SignedOut(location));
    }

    private String keycloakLogoutPage() {
        return UriComponentsBuilder.fromUriString(keycloak.forBrowsers("logout"))
                .queryParam("client_id", "{client}")
                .queryParam("post_logout_redirect_uri", "{back}")
                .encode()
                .buildAndExpand(keycloak.clientId(), console.at("/"))
                .toUriString();
    }
}
