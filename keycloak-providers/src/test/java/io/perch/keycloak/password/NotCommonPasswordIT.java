package io.perch.keycloak.password;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.testframework.annotations.InjectAdminClient;
import org.keycloak.testframework.annotations.InjectKeycloakUrls;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.server.KeycloakUrls;

@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
class NotCommonPasswordIT {

    @InjectAdminClient
    Keycloak admin;

    @InjectKeycloakUrls
    KeycloakUrls urls;

    private final String name = "password-" + UUID.randomUUID();

    @BeforeEach
    void createRealm() {
        ClientRepresentation client = new ClientRepresentation();
        client.setClientId("app");
        client.setPublicClient(true);
        client.setDirectAccessGrantsEnabled(true);
        RealmRepresentation realm = new RealmRepresentation();
        realm.setRealm(name);
        realm.setEnabled(true);
        realm.setRegistrationAllowed(true);
        realm.setInternationalizationEnabled(true);
        realm.setSupportedLocales(Set.of("en", "de"));
        realm.setDefaultLocale("en");
        realm.setPasswordPolicy("length(12) and notCommon(undefined)");
        realm.setAttributes(new HashMap<>(Map.of("auth-api.default-client", "app")));
        realm.setClients(List.of(client));
        admin.realms().create(realm);
    }

    @AfterEach
    void deleteRealm() {
        admin.realm(name).remove();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | This password is one that many people use, or nearly so. Choose another.",
                "de | Dieses oder fast dieses Passwort benutzen viele. Wählen Sie ein anderes."
            })
    void aCommonPasswordIsRefusedWithTheReason(String language, String reason) throws Exception {
        HttpResponse<String> answer = register("Password1234", language);
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains(reason), answer.body());
        assertTrue(answer.body().contains("\"/password\""), answer.body());
    }

    @Test
    void anyOtherPasswordIsAccepted() throws Exception {
        assertEquals(201, register("correct horse battery", "en").statusCode());
    }

    private HttpResponse<String> register(String password, String language) throws IOException, InterruptedException {
        String body = """
                {"username": "ada", "email": "ada@perch.example", "first_name": "Ada", "last_name": "Perch", "password": "%s"}""".formatted(password);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(urls.getBase() + "/realms/" + name + "/auth-api/v1/register"))
                                .header("Content-Type", "application/json")
                                .header("Accept-Language", language)
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }
}
