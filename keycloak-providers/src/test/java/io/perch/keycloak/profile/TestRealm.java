package io.perch.keycloak.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.representations.info.ServerInfoRepresentation;
import org.keycloak.representations.userprofile.config.UPAttribute;
import org.keycloak.representations.userprofile.config.UPAttributePermissions;
import org.keycloak.representations.userprofile.config.UPConfig;

/** A separate realm in a running server, with registration in English and German. {@link #close} removes it. */
final class TestRealm implements AutoCloseable {

    private static final String PHONE_NUMBER = "phone_number";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final URI server;
    private final String name;
    private final Keycloak admin;
    private final RealmResource realm;

    private TestRealm(URI server, String name, Keycloak admin) {
        this.server = server;
        this.name = name;
        this.admin = admin;
        this.realm = admin.realm(name);
    }

    static TestRealm create(URI server) {
        ClientRepresentation client = new ClientRepresentation();
        client.setClientId("app");
        client.setPublicClient(true);
        client.setRedirectUris(List.of("http://localhost/app"));
        RealmRepresentation representation = new RealmRepresentation();
        representation.setRealm("phone-" + UUID.randomUUID());
        representation.setEnabled(true);
        representation.setRegistrationAllowed(true);
        representation.setInternationalizationEnabled(true);
        representation.setSupportedLocales(Set.of("en", "de"));
        representation.setDefaultLocale("en");
        representation.setClients(List.of(client));
        Keycloak admin = Keycloak.getInstance(server.toString(), "master", "admin", "admin", "admin-cli");
        admin.realms().create(representation);
        return new TestRealm(server, representation.getRealm(), admin);
    }

    /** Adds the attribute {@code phone_number} to the user profile, with these options of the validator. */
    void checkPhoneNumbers(Map<String, String> options) {
        UPAttribute attribute = new UPAttribute(PHONE_NUMBER);
        attribute.setPermissions(new UPAttributePermissions(Set.of("admin", "user"), Set.of("admin", "user")));
        attribute.setValidations(Map.of("phone-number", new HashMap<>(options)));
        UPConfig profile = realm.users().userProfile().getConfiguration();
        profile.addOrReplaceAttribute(attribute);
        realm.users().userProfile().update(profile);
    }

    Map<String, Map<String, Object>> validationsOfPhoneNumber() {
        return realm.users()
                .userProfile()
                .getConfiguration()
                .getAttribute(PHONE_NUMBER)
                .getValidations();
    }

    Answer createUser(String username, String phoneNumber) {
        UserRepresentation user = new UserRepresentation();
        user.setUsername(username);
        user.singleAttribute(PHONE_NUMBER, phoneNumber);
        try (Response response = realm.users().create(user)) {
            return new Answer(response.getStatus(), response.readEntity(String.class));
        }
    }

    List<UserRepresentation> users(String username) {
        return realm.users().searchByUsername(username, true);
    }

    List<String> phoneNumbersOf(String username) {
        Map<String, List<String>> attributes = users(username).get(0).getAttributes();
        return attributes == null ? List.of() : attributes.getOrDefault(PHONE_NUMBER, List.of());
    }

    ServerInfoRepresentation serverInfo() {
        return admin.serverInfo().getInfo();
    }

    /** The address of the registration page. */
    URI registration(String language) {
        return server.resolve("/realms/" + name + "/protocol/openid-connect/auth?client_id=app&response_type=code"
                + "&scope=openid&prompt=create&redirect_uri=http://localhost/app&ui_locales=" + language);
    }

    /** The keys of the texts that the server sends to a console, {@code account} or {@code admin}. */
    List<String> messageKeys(String console, String language) {
        URI texts = server.resolve("/resources/" + name + "/" + console + "/" + language);
        try (InputStream answer = texts.toURL().openStream()) {
            return StreamSupport.stream(JSON.readTree(answer).spliterator(), false)
                    .map(text -> text.get("key").asText())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        realm.remove();
        admin.close();
    }

    record Answer(int status, String body) {

        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(body, e);
            }
        }
    }
}
