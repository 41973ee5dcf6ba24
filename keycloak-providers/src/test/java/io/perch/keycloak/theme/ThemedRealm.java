package io.perch.keycloak.theme;

import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.representations.userprofile.config.UPConfig;

/** A separate realm with the theme. It sends its mails to a port of this machine. {@link #close} removes it. */
final class ThemedRealm implements AutoCloseable {

    private final URI server;
    private final String name = "theme-" + UUID.randomUUID();
    private final RealmResource realm;

    ThemedRealm(URI server, Keycloak admin, int smtpPort) {
        this.server = server;
        this.realm = admin.realm(name);
        ClientRepresentation client = new ClientRepresentation();
        client.setClientId("app");
        client.setPublicClient(true);
        client.setRedirectUris(List.of("http://localhost/app"));
        RealmRepresentation representation = new RealmRepresentation();
        representation.setRealm(name);
        representation.setDisplayName("Perch & Co");
        representation.setEnabled(true);
        representation.setLoginTheme("perch");
        representation.setEmailTheme("perch");
        representation.setResetPasswordAllowed(true);
        representation.setInternationalizationEnabled(true);
        representation.setSupportedLocales(Set.of("en", "de", "fr"));
        representation.setDefaultLocale("en");
        representation.setEventsListeners(List.of("email"));
        representation.setSmtpServer(
                Map.of("host", "localhost", "port", String.valueOf(smtpPort), "from", "no-reply@perch.example"));
        representation.setClients(List.of(client));
        admin.realms().create(representation);
        allowAnyName();
    }

    // By default Keycloak refuses markup in names. Identity providers and other user stores may still import such names
    private void allowAnyName() {
        UPConfig profile = realm.users().userProfile().getConfiguration();
        profile.getAttribute("firstName").setValidations(Map.of());
        realm.users().userProfile().update(profile);
    }

    /** Adds a user with the verified address {@code USERNAME@perch.example}. */
    void addUser(String username, String firstName) {
        addUser(username, firstName, Map.of());
    }

    /** The same, with a language in the user's account. */
    void addUser(String username, String firstName, String language) {
        addUser(username, firstName, Map.of("locale", List.of(language)));
    }

    private void addUser(String username, String firstName, Map<String, List<String>> attributes) {
        UserRepresentation user = new UserRepresentation();
        user.setUsername(username);
        user.setEmail(username + "@perch.example");
        user.setEmailVerified(true);
        user.setFirstName(firstName);
        user.setLastName("Perch");
        user.setEnabled(true);
        user.setAttributes(attributes);
        try (Response response = realm.users().create(user)) {
            if (response.getStatus() != 201) {
                throw new IllegalStateException(response.readEntity(String.class));
            }
        }
    }

    /** Sends an administrator's mail that requests these required actions from the user. */
    void requestActions(String username, List<String> actions) {
        String id = realm.users().searchByUsername(username, true).get(0).getId();
        realm.users().get(id).executeActionsEmail(actions);
    }

    /** The address of the sign-in page. */
    URI signIn(String language) {
        return server.resolve("/realms/" + name + "/protocol/openid-connect/auth?client_id=app&response_type=code"
                + "&scope=openid&redirect_uri=http://localhost/app&ui_locales=" + language);
    }

    @Override
    public void close() {
        realm.remove();
    }
}
