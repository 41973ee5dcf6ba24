package io.perch.keycloak.emailcode;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.keycloak.admin.client.CreatedResponseUtil;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.AuthenticatorConfigRepresentation;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.EventRepresentation;
import org.keycloak.representations.idm.ProtocolMapperRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.UserRepresentation;

/** A separate realm in a running server, with a separate mail server. {@link #close} removes both. */
final class CodesRealm implements AutoCloseable {

    static final String PASSWORD = "perch-demo-password";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CODE = Pattern.compile("^ {4}([0-9]{6,12})\\s*$", Pattern.MULTILINE);

    private static final String SIGN_IN_BY_CODE = """
            [
              {
                "alias": "by code", "providerId": "basic-flow", "topLevel": true, "builtIn": false,
                "authenticationExecutions": [
                  {"authenticator": "auth-cookie", "requirement": "ALTERNATIVE", "priority": 10},
                  {"authenticatorFlow": true, "flowAlias": "by code - forms", "requirement": "ALTERNATIVE", "priority": 20}
                ]
              },
              {
                "alias": "by code - forms", "providerId": "basic-flow", "topLevel": false, "builtIn": false,
                "authenticationExecutions": [
                  {"authenticator": "auth-username-password-form", "requirement": "REQUIRED", "priority": 10},
                  {"authenticatorFlow": true, "flowAlias": "by code - code", "requirement": "CONDITIONAL", "priority": 20}
                ]
              },
              {
                "alias": "by code - code", "providerId": "basic-flow", "topLevel": false, "builtIn": false,
                "authenticationExecutions": [
                  {"authenticator": "conditional-user-configured", "requirement": "REQUIRED", "priority": 10},
                  {"authenticator": "login-email-code", "requirement": "REQUIRED", "priority": 20}
                ]
              }
            ]
            """;

    final String name = "codes-" + UUID.randomUUID();
    final RealmResource realm;

    private final Keycloak admin;
    private GreenMail mailServer = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private final int mailPort;

    CodesRealm(Keycloak admin) {
        this.admin = admin;
        mailServer.start();
        mailPort = mailServer.getSmtp().getPort();
        admin.realms().create(representation());
        realm = admin.realm(name);
    }

    private RealmRepresentation representation() {
        ClientRepresentation client = new ClientRepresentation();
        client.setClientId("app");
        client.setPublicClient(true);
        client.setDirectAccessGrantsEnabled(true);
        client.setRedirectUris(List.of("http://localhost/app"));
        RealmRepresentation representation = wiring();
        representation.setRealm(name);
        representation.setAttributes(new HashMap<>(Map.of("auth-api.default-client", "app")));
        representation.setVerifyEmail(true);
        representation.setDisplayName("Perch & <b>Co</b>");
        representation.setEnabled(true);
        representation.setRegistrationAllowed(true);
        representation.setResetPasswordAllowed(true);
        representation.setEventsEnabled(true);
        representation.setInternationalizationEnabled(true);
        representation.setSupportedLocales(Set.of("en", "de", "ar"));
        representation.setDefaultLocale("en");
        representation.setClients(List.of(client));
        Map<String, String> smtp = new HashMap<>();
        smtp.put("host", "127.0.0.1");
        smtp.put("port", Integer.toString(mailPort));
        smtp.put("from", "no-reply@perch.example");
        representation.setSmtpServer(smtp);
        return representation;
    }

    // Flows and required actions as in the realm perch, and also a sign-in with a code
    private static RealmRepresentation wiring() {
        try {
            ObjectNode export = (ObjectNode)
                    JSON.readTree(Path.of("../realm-export/perch-realm.json").toFile());
            export.retain("requiredActions", "authenticationFlows", "resetCredentialsFlow");
            export.withArray("authenticationFlows").addAll((ArrayNode) JSON.readTree(SIGN_IN_BY_CODE));
            return JSON.treeToValue(export, RealmRepresentation.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Creates a user with the address {@code NAME@perch.example} and {@link #PASSWORD}, and returns the id. */
    String createUser(String username, boolean verified) {
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setValue(PASSWORD);
        UserRepresentation user = new UserRepresentation();
        user.setUsername(username);
        user.setEmail(username + "@perch.example");
        user.setFirstName("Ada");
        user.setLastName("Perch");
        user.setEnabled(true);
        user.setEmailVerified(verified);
        user.setCredentials(List.of(password));
        try (Response response = realm.users().create(user)) {
            return CreatedResponseUtil.getCreatedId(response);
        }
    }

    /** Requires a code after the password from users with a verified address. */
    void requireCodes() {
        change(settings -> settings.setBrowserFlow("by code"));
    }

    /** Configures the authenticator {@code login-email-code}. */
    void configureCodes(Map<String, String> config) {
        String execution = realm.flows().getExecutions("by code").stream()
                .filter(candidate -> LoginEmailCodeFactory.PROVIDER_ID.equals(candidate.getProviderId()))
                .findFirst()
                .orElseThrow()
                .getId();
        AuthenticatorConfigRepresentation representation = new AuthenticatorConfigRepresentation();
        representation.setAlias("codes");
        representation.setConfig(config);
        realm.flows().newExecutionConfig(execution, representation).close();
    }

    /** Adds the claim {@code amr} to the tokens of the app. */
    void addMethodsToTokens() {
        ProtocolMapperRepresentation mapper = new ProtocolMapperRepresentation();
        mapper.setName("amr");
        mapper.setProtocol("openid-connect");
        mapper.setProtocolMapper("oidc-amr-mapper");
        mapper.setConfig(Map.of("id.token.claim", "true", "access.token.claim", "true"));
        String client = realm.clients().findByClientId("app").get(0).getId();
        realm.clients().get(client).getProtocolMappers().createMapper(mapper).close();
    }

    void change(Consumer<RealmRepresentation> change) {
        RealmRepresentation settings = realm.toRepresentation();
        change.accept(settings);
        realm.update(settings);
    }

    /** Adds an authenticator app (RFC 6238) with this secret to the user. */
    void addAuthenticatorApp(String username, String secret) {
        CredentialRepresentation app = new CredentialRepresentation();
        app.setType("otp");
        app.setSecretData("{\"value\":\"" + secret + "\"}");
        app.setCredentialData(
                "{\"subType\":\"totp\",\"digits\":6,\"counter\":0,\"period\":30,\"algorithm\":\"HmacSHA1\"}");
        UserRepresentation user = user(username);
        user.setCredentials(List.of(app));
        realm.users().get(user.getId()).update(user);
    }

    UserRepresentation user(String username) {
        return realm.users().searchByUsername(username, true).get(0);
    }

    /** The address of the authorization request, with more parameters in the form of a query. */
    URI signIn(String server, String language, String more) {
        return URI.create(server + "/realms/" + name
                + "/protocol/openid-connect/auth?client_id=app&response_type=code&scope=openid"
                + "&redirect_uri=http://localhost/app&ui_locales=" + language + more);
    }

    /**
     * Waits for the mail with this number, from 1, and returns its code. Mails to several mailboxes are not in the order of their
     * arrival.
     */
    String codeOfMail(int number) {
        return code(mail(number));
    }

    /** Waits for the mail with this number to one user, and returns its code. */
    String codeOfMailTo(String username, int number) {
        String mailbox = username + "@perch.example";
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .until(() -> mailServer.getReceivedMessagesForDomain(mailbox).length >= number);
        return code(mailServer.getReceivedMessagesForDomain(mailbox)[number - 1]);
    }

    private static String code(MimeMessage mail) {
        Matcher code = CODE.matcher(text(mail));
        if (!code.find()) {
            throw new AssertionError("No code in " + text(mail));
        }
        return code.group(1);
    }

    MimeMessage mail(int number) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .until(() -> mailServer.getReceivedMessages().length >= number);
        return mailServer.getReceivedMessages()[number - 1];
    }

    int mails() {
        return mailServer.getReceivedMessages().length;
    }

    static String text(MimeMessage mail) {
        return part(mail, 0);
    }

    static String html(MimeMessage mail) {
        return part(mail, 1);
    }

    private static String part(MimeMessage mail, int part) {
        try {
            return GreenMailUtil.getBody(((Multipart) mail.getContent()).getBodyPart(part));
        } catch (IOException | MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    void stopMailServer() {
        mailServer.stop();
    }

    void startMailServer() {
        mailServer = new GreenMail(new ServerSetup(mailPort, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mailServer.start();
    }

    List<EventRepresentation> events(String type) {
        return realm.getEvents(List.of(type), null, null, null, null, null, null, null);
    }

    @Override
    public void close() {
        admin.realm(name).remove();
        mailServer.stop();
    }
}
