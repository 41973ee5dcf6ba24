package io.perch.keycloak.firstparty;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.perch.keycloak.Totp;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.keycloak.admin.client.CreatedResponseUtil;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.events.EventType;
import org.keycloak.models.credential.RecoveryAuthnCodesCredentialModel;
import org.keycloak.representations.idm.AuthenticationExecutionInfoRepresentation;
import org.keycloak.representations.idm.ClientPoliciesRepresentation;
import org.keycloak.representations.idm.ClientProfilesRepresentation;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.EventRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.RequiredActionProviderRepresentation;
import org.keycloak.representations.idm.RequiredActionProviderSimpleRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/** A realm of its own with first-party clients; {@link #close} removes it. */
final class FirstPartyRealm implements AutoCloseable {

    static final String PASSWORD = "correct horse battery";
    static final String SECRET = "a-secret-of-32-characters-or-more";
    static final String CALLBACK = "https://app.example/callback";

    /** The public first-party client. */
    static final String APP = "app";

    private static final Pattern CODE = Pattern.compile("^ {4}([0-9]{6,12})\\s*$", Pattern.MULTILINE);
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final URI address;
    private final Keycloak admin;
    private final RealmResource realm;
    private final GreenMail mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    private FirstPartyRealm(URI server, String name, Keycloak admin) {
        this.address = server.resolve("/realms/" + name);
        this.admin = admin;
        this.realm = admin.realm(name);
    }

    static FirstPartyRealm create(URI server) {
        String name = "apps-" + UUID.randomUUID();
        FirstPartyRealm created = new FirstPartyRealm(
                server, name, Keycloak.getInstance(server.toString(), "master", "admin", "admin", "admin-cli"));
        created.mails.start();
        created.admin.realms().create(created.representation(name));
        return created;
    }

    private RealmRepresentation representation(String name) {
        RealmRepresentation settings = TestFlows.realm();
        settings.setRealm(name);
        settings.setEnabled(true);
        settings.setEventsEnabled(true);
        settings.setEnabledEventTypes(
                Stream.of(EventType.values()).map(Enum::name).toList());
        settings.setSmtpServer(Map.of(
                "host", "127.0.0.1",
                "port", Integer.toString(mails.getSmtp().getPort()),
                "from", "no-reply@perch.example"));
        ClientRepresentation confidential = client("confidential", true);
        confidential.setPublicClient(false);
        confidential.setSecret(SECRET);
        settings.setClients(
                List.of(client(APP, true), client("other-app", true), client("third-party", false), confidential));
        return settings;
    }

    static ClientRepresentation client(String id, boolean firstParty) {
        ClientRepresentation client = new ClientRepresentation();
        client.setClientId(id);
        client.setPublicClient(true);
        client.setStandardFlowEnabled(true);
        client.setRedirectUris(List.of(CALLBACK));
        client.setAttributes(new HashMap<>(Map.of("pkce.code.challenge.method", "S256")));
        if (firstParty) {
            client.getAttributes().put(FirstPartyClient.ATTRIBUTE, "true");
        }
        return client;
    }

    URI address(String path) {
        return URI.create(address + path);
    }

    RealmResource admin() {
        return realm;
    }

    void change(Consumer<RealmRepresentation> change) {
        RealmRepresentation settings = realm.toRepresentation();
        change.accept(settings);
        realm.update(settings);
    }

    void changeClient(String clientId, Consumer<ClientRepresentation> change) {
        ClientRepresentation client = realm.clients().findByClientId(clientId).get(0);
        change.accept(client);
        realm.clients().get(client.getId()).update(client);
    }

    /** Takes the attribute that makes a client first-party away. */
    void noLongerFirstParty(String clientId) {
        changeClient(clientId, client -> client.getAttributes().put(FirstPartyClient.ATTRIBUTE, "false"));
    }

    /** A user with {@link #PASSWORD} and the verified address NAME@perch.example. Returns the id. */
    String user(String name) {
        return user(name, user -> {});
    }

    /** A user who also has an authenticator app. */
    String userWithApp(String name) {
        return user(name, user -> {
            List<CredentialRepresentation> credentials = new ArrayList<>(user.getCredentials());
            credentials.add(Totp.credential());
            user.setCredentials(credentials);
        });
    }

    /** A user who also has an authenticator app and recovery codes. */
    String userWithAppAndRecoveryCodes(String name, String... codes) {
        RecoveryAuthnCodesCredentialModel model =
                RecoveryAuthnCodesCredentialModel.createFromValues(List.of(codes), 0, "codes");
        CredentialRepresentation recovery = new CredentialRepresentation();
        recovery.setType(model.getType());
        recovery.setCredentialData(model.getCredentialData());
        recovery.setSecretData(model.getSecretData());
        return user(name, user -> {
            List<CredentialRepresentation> credentials = new ArrayList<>(user.getCredentials());
            credentials.add(Totp.credential());
            credentials.add(recovery);
            user.setCredentials(credentials);
        });
    }

    String user(String name, Consumer<UserRepresentation> more) {
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setValue(PASSWORD);
        UserRepresentation user = new UserRepresentation();
        user.setUsername(name);
        user.setEmail(name + "@perch.example");
        user.setEmailVerified(true);
        user.setFirstName("Ada");
        user.setLastName("Perch");
        user.setEnabled(true);
        user.setCredentials(List.of(password));
        more.accept(user);
        try (Response response = realm.users().create(user)) {
            return CreatedResponseUtil.getCreatedId(response);
        }
    }

    void changeUser(String id, Consumer<UserRepresentation> change) {
        UserRepresentation user = realm.users().get(id).toRepresentation();
        change.accept(user);
        realm.users().get(id).update(user);
    }

    /** Makes one of {@link TestFlows} the browser flow. */
    void browserFlow(String alias) {
        change(settings -> settings.setBrowserFlow(alias));
    }

    /** Verifies addresses by a code, and not by a link, before a password is chosen. */
    void verifyAddressesByCode() {
        change(settings -> settings.setVerifyEmail(true));
        registerAction("verify-email-code");
        disableAction("VERIFY_EMAIL");
        RequiredActionProviderRepresentation action = realm.flows().getRequiredAction("verify-email-code");
        action.setPriority(1);
        realm.flows().updateRequiredAction("verify-email-code", action);
    }

    /** Makes an execution of a flow REQUIRED. */
    void demand(String flow, String provider) {
        AuthenticationExecutionInfoRepresentation execution = realm.flows().getExecutions(flow).stream()
                .filter(candidate -> provider.equals(candidate.getProviderId()))
                .findFirst()
                .orElseThrow();
        execution.setRequirement("REQUIRED");
        realm.flows().updateExecutions(flow, execution);
    }

    /** Gives a user the role that some of {@link TestFlows} refuse. */
    void bar(String id) {
        realm.users()
                .get(id)
                .roles()
                .realmLevel()
                .add(List.of(realm.roles().get("barred").toRepresentation()));
    }

    /** A client policy that refuses authorization requests without a {@code nonce}. */
    void demandNonce() {
        realm.clientPoliciesProfilesResource().updateProfiles(read("""
                {"profiles":[{"name":"nonce","executors":[{"executor":"secure-session","configuration":{}}]}]}
                """, ClientProfilesRepresentation.class));
        realm.clientPoliciesPoliciesResource().updatePolicies(read("""
                {"policies":[{"name":"nonce","enabled":true,"profiles":["nonce"],
                  "conditions":[{"condition":"any-client","configuration":{}}]}]}
                """, ClientPoliciesRepresentation.class));
    }

    /**
     * A client policy that demands a sufficient sign-in of every client that refreshes its tokens.
     *
     * @param maxAge seconds that a sign-in may be old; 0 for no limit
     */
    void demandStepUp(int maxAge) {
        realm.clientPoliciesProfilesResource()
                .updateProfiles(read("""
                {"profiles":[{"name":"step-up","executors":[
                  {"executor":"perch-first-party-step-up","configuration":{"max-age":%d}}]}]}
                """.formatted(maxAge), ClientProfilesRepresentation.class));
        realm.clientPoliciesPoliciesResource().updatePolicies(read("""
                {"policies":[{"name":"step-up","enabled":true,"profiles":["step-up"],
                  "conditions":[{"condition":"any-client","configuration":{}}]}]}
                """, ClientPoliciesRepresentation.class));
    }

    /** Gives a client a token with which it can change its own registration, as the admin console does. */
    void giveRegistrationToken(String clientId) {
        String id = realm.clients().findByClientId(clientId).get(0).getId();
        realm.clients().get(id).regenerateRegistrationAccessToken();
    }

    /** Sets the minimum ACR value of a client; with an empty one it has none. */
    void minimumAcr(String clientId, String acr) {
        changeClient(clientId, client -> client.getAttributes().put("minimum.acr.value", acr));
    }

    /** Takes client policies and settings of the realm {@code perch}, and one of its clients, which is switched on. */
    void takeFromRealmFile(String clientId) {
        RealmRepresentation file = realmFile();
        realm.clientPoliciesProfilesResource().updateProfiles(file.getParsedClientProfiles());
        realm.clientPoliciesPoliciesResource().updatePolicies(file.getParsedClientPolicies());
        ClientRepresentation client = file.getClients().stream()
                .filter(candidate -> candidate.getClientId().equals(clientId))
                .findFirst()
                .orElseThrow();
        client.setEnabled(true);
        client.setDefaultClientScopes(List.of("basic", "acr"));
        client.setOptionalClientScopes(List.of());
        realm.clients().create(client).close();
        change(settings -> {
            settings.setWebAuthnPolicyPasswordlessPasskeysEnabled(file.getWebAuthnPolicyPasswordlessPasskeysEnabled());
            settings.setVerifyEmail(file.isVerifyEmail());
            settings.setBruteForceProtected(file.isBruteForceProtected());
        });
    }

    private static RealmRepresentation realmFile() {
        try {
            // With the defaults of its placeholders
            return read(
                    Files.readString(Path.of("../realm-export/perch-realm.json"))
                            .replaceAll("\\$\\{[A-Z0-9_]+:([^{}]*)}", "$1"),
                    RealmRepresentation.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T read(String json, Class<T> type) {
        try {
            return new ObjectMapper().readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Adds a required action that Keycloak does not have by itself. */
    void registerAction(String providerId) {
        RequiredActionProviderSimpleRepresentation action = new RequiredActionProviderSimpleRepresentation();
        action.setProviderId(providerId);
        action.setName(providerId);
        realm.flows().registerRequiredAction(action);
    }

    void enableAction(String alias) {
        switchAction(alias, true);
    }

    void disableAction(String alias) {
        switchAction(alias, false);
    }

    private void switchAction(String alias, boolean on) {
        RequiredActionProviderRepresentation action = realm.flows().getRequiredAction(alias);
        action.setEnabled(on);
        realm.flows().updateRequiredAction(alias, action);
    }

    /** The code in the mail of this number, from 1. */
    String mailedCode(int number) {
        Awaitility.await().atMost(TIMEOUT).until(() -> mails.getReceivedMessages().length >= number);
        MimeMessage mail = mails.getReceivedMessages()[number - 1];
        try {
            Matcher code = CODE.matcher(GreenMailUtil.getBody(((Multipart) mail.getContent()).getBodyPart(0)));
            if (!code.find()) {
                throw new AssertionError("No code in the mail");
            }
            return code.group(1);
        } catch (IOException | MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** How many mails there were. */
    int mails() {
        return mails.getReceivedMessages().length;
    }

    /** The user of this name, if there is one. */
    Optional<UserRepresentation> find(String name) {
        return realm.users().searchByUsername(name, true).stream().findFirst();
    }

    /** The events of a type, the newest first. */
    List<EventRepresentation> events(String type) {
        return realm.getEvents(List.of(type), null, null, null, null, null, null, null);
    }

    @Override
    public void close() {
        realm.remove();
        admin.close();
        mails.stop();
    }
}
