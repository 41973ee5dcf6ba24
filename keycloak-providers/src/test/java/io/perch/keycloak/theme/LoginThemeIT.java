package io.perch.keycloak.theme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.representations.info.ThemeInfoRepresentation;
import org.keycloak.testframework.annotations.InjectAdminClient;
import org.keycloak.testframework.annotations.InjectKeycloakUrls;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.server.KeycloakUrls;

@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
class LoginThemeIT {

    private static final int NO_SMTP = 1;

    @InjectKeycloakUrls
    KeycloakUrls urls;

    @InjectAdminClient
    Keycloak admin;

    private final Browser browser = new Browser();
    private ThemedRealm realm;

    @BeforeEach
    void createRealm() {
        realm = new ThemedRealm(URI.create(urls.getBase()), admin, NO_SMTP);
    }

    @AfterEach
    void removeRealm() {
        realm.close();
    }

    @Test
    void theAdminConsoleOffersTheThemeForLoginAndEmail() {
        Map<String, List<ThemeInfoRepresentation>> themes =
                admin.serverInfo().getInfo().getThemes();
        for (String type : List.of("login", "email")) {
            assertTrue(
                    themes.getOrDefault(type, List.of()).stream()
                            .anyMatch(theme -> theme.getName().equals("perch")),
                    type);
        }
    }

    @ParameterizedTest
    @CsvSource({"en, Sign in to your account", "de, Bei Ihrem Konto anmelden", "fr, Connectez-vous à votre compte"})
    void theSignInPageIsInTheUsersLanguage(String language, String title) {
        HttpResponse<String> page = browser.open(realm.signIn(language));
        assertEquals(200, page.statusCode());
        assertTrue(page.body().contains("<html class=\"login-pf\" lang=\"" + language + "\""), page.body());
        assertTrue(page.body().contains(title), page.body());
        assertTrue(page.body().contains("Perch &amp; Co"), page.body());
    }

    @ParameterizedTest
    @CsvSource({
        "href, css/styles.css, text/css",
        "href, css/perch.css, text/css",
        "src, js/labels.js, text/javascript",
        "href, img/perch.svg, image/svg+xml"
    })
    void theFilesOfThePageAreServed(String attribute, String path, String type) {
        HttpResponse<String> page = browser.open(realm.signIn("en"));
        HttpResponse<String> resource = browser.openLinked(page, attribute, "/login/perch/" + path);
        assertEquals(200, resource.statusCode());
        assertTrue(resource.headers().firstValue("Content-Type").orElse("").startsWith(type));
    }

    @ParameterizedTest
    @ValueSource(strings = {"css/perch.css", "img/perch.svg"})
    void theThemeLoadsNothingFromOtherServers(String path) {
        HttpResponse<String> page = browser.open(realm.signIn("en"));
        String resource =
                browser.openLinked(page, "href", "/login/perch/" + path).body();
        assertFalse(resource.replace("http://www.w3.org/2000/svg", "").contains("//"), resource);
    }
}
