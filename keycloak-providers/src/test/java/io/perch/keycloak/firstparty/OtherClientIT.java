package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.Totp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/**
 * The endpoint with a client that Perch did not write: the package {@code @openid4vc/oauth2} for Node.js, always with a DPoP key. Keycloak
 * demands no nonce in proofs (RFC 9449, section 8), so none is tested.
 */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // set before the tests
class OtherClientIT extends FirstPartyInAServer {

    private static final Path FOLDER = Path.of("target/node");
    private static final Map<String, String> ADA = Map.of("username", "ada", "password", FirstPartyRealm.PASSWORD);

    private static NodeApp node;

    @BeforeAll
    static void install() throws IOException, InterruptedException {
        node = NodeApp.install(FOLDER);
    }

    @BeforeEach
    void demandKeys() {
        node.assumeInstalled();
        realm.changeClient(
                FirstPartyRealm.APP, client -> client.getAttributes().put("dpop.bound.access.tokens", "true"));
    }

    @Test
    void signsInWithAPasswordAndASecondFactor() {
        realm.userWithApp("ada");
        JsonNode result = node.run("signIn", realm, ADA, asked -> Totp.code());
        assertEquals("ada", result.path("username").asText());
        assertTrue(result.path("bound").asBoolean(), result.toString());
    }

    @Test
    void refreshesItsTokens() {
        realm.user("ada");
        JsonNode result = node.run("refresh", realm, ADA, asked -> "");
        assertEquals("ada", result.path("username").asText());
        assertEquals("DPoP", result.path("type").asText());
    }

    @Test
    void registersAUserWithACodeByMail() {
        realm.change(settings -> settings.setRegistrationAllowed(true));
        realm.verifyAddressesByCode();
        Map<String, String> given = new LinkedHashMap<>(ADA);
        given.put("username", "wren");
        given.put("email", "wren@perch.example");
        JsonNode result = node.run("register", realm, given, asked -> realm.mailedCode(1));
        assertEquals("wren", result.path("username").asText());
        assertTrue(result.path("verified").asBoolean(), result.toString());
    }

    @Test
    void opensABrowserWhereOneIsNeeded() {
        realm.browserFlow(TestFlows.SECURITY_KEY);
        realm.user("ada");
        Map<String, String> given = new LinkedHashMap<>(ADA);
        given.put("redirect", FirstPartyRealm.CALLBACK);
        JsonNode result = node.run("web", realm, given, asked -> "");
        assertTrue(result.path("pushed").asText().startsWith("urn:ietf:params:oauth:request_uri:"), result.toString());
        assertTrue(result.path("page").asBoolean(), result.toString());
    }

    @Test
    void stepsUp() {
        realm.browserFlow(TestFlows.STEP_UP);
        realm.change(settings -> settings.getAttributes().put("acr.loa.map", "{\"silver\":\"1\",\"gold\":\"2\"}"));
        realm.userWithApp("ada");
        JsonNode result = node.run("stepUp", realm, ADA, asked -> Totp.code());
        assertEquals("silver", result.path("before").asText());
        assertEquals("gold", result.path("after").asText());
    }
}
