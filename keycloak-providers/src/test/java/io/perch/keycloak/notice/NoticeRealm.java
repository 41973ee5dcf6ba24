package io.perch.keycloak.notice;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.perch.keycloak.PageBrowser;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.internet.MimeMessage;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.keycloak.admin.client.CreatedResponseUtil;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.representations.userprofile.config.UPConfig;

/** A separate realm with the listener, and a mail server. {@link #close} removes both. */
public final class NoticeRealm implements AutoCloseable {

    public static final String PASSWORD = "correct horse battery";

    private static final ObjectMapper JSON = new ObjectMapper();

    final String name = "notice-" + UUID.randomUUID();
    public final RealmResource realm;
    private final URI address;
    private final HttpClient http = HttpClient.newHttpClient();
    private GreenMail mailServer = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    private final int mailPort;

    public NoticeRealm(URI server, Keycloak admin, String emailTheme) {
        mailServer.start();
        mailPort = mailServer.getSmtp().getPort();
        address = server.resolve("/realms/" + name + "/");
        ClientRepresentation client = new ClientRepresentation();
        client.setClientId("app");
        client.setPublicClient(true);
        client.setDirectAccessGrantsEnabled(true);
        client.setRedirectUris(List.of("http://localhost/app"));
        RealmRepresentation representation = new RealmRepresentation();
        representation.setRealm(name);
        representation.setEnabled(true);
        representation.setEmailTheme(emailTheme);
        representation.setEditUsernameAllowed(true);
        representation.setInternationalizationEnabled(true);
        representation.setSupportedLocales(Set.of("en", "de"));
        representation.setDefaultLocale("en");
        representation.setEventsListeners(List.of("jboss-logging", AccountNoticesFactory.PROVIDER_ID));
        representation.setAttributes(new HashMap<>(Map.of("auth-api.default-client", "app")));
        representation.setClients(List.of(client));
        representation.setSmtpServer(
                Map.of("host", "127.0.0.1", "port", Integer.toString(mailPort), "from", "no-reply@perch.example"));
        admin.realms().create(representation);
        realm = admin.realm(name);
        allowAnyName();
    }

    // By default Keycloak refuses markup in names. Identity providers and other user stores may still import such names
    private void allowAnyName() {
        UPConfig profile = realm.users().userProfile().getConfiguration();
        profile.getAttribute("firstName").setValidations(Map.of());
        realm.users().userProfile().update(profile);
    }

    /** Adds a user with the verified address {@code USERNAME@perch.example} and returns the id. */
    public String addUser(String username, String firstName) {
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setValue(PASSWORD);
        UserRepresentation user = new UserRepresentation();
        user.setUsername(username);
        user.setEmail(username + "@perch.example");
        user.setEmailVerified(true);
        user.setFirstName(firstName);
        user.setLastName("Perch");
        user.setEnabled(true);
        user.setCredentials(List.of(password));
        try (Response response = realm.users().create(user)) {
            return CreatedResponseUtil.getCreatedId(response);
        }
    }

    /** Signs in by the auth API with a header User-Agent and returns the access token. */
    public String signIn(String username, String userAgent) {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(address.resolve("auth-api/v1/login"))
                .header("Content-Type", "application/json")
                .header("User-Agent", userAgent)
                .POST(BodyPublishers.ofString(
                        "{\"username\": \"" + username + "\", \"password\": \"" + PASSWORD + "\"}")));
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer.body());
        }
        try {
            return JSON.readTree(answer.body()).get("access_token").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Signs in on Keycloak's page. */
    void signIn(PageBrowser browser, String username) {
        browser.open(address.resolve(
                "protocol/openid-connect/auth?client_id=app&response_type=code&scope=openid&prompt=login"
                        + "&redirect_uri=http%3A%2F%2Flocalhost%2Fapp"));
        String page = browser.submit("username", username, "password", PASSWORD);
        if (!page.isEmpty()) {
            throw new AssertionError(page);
        }
    }

    /** Calls with a token and returns the status. */
    int call(String method, String path, String token, String body) {
        return send(HttpRequest.newBuilder(address.resolve(path))
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json")
                        .header("Authorization", "Bearer " + token)
                        .method(method, BodyPublishers.ofString(body)))
                .statusCode();
    }

    /** Changes {@link #PASSWORD} by a call of one node. */
    public void changePassword(URI server, String token, String password) {
        int status = call(
                "POST",
                server.resolve("/realms/" + name + "/auth-api/v1/me/password").toString(),
                token,
                "{\"current_password\": \"" + PASSWORD + "\", \"new_password\": \"" + password + "\"}");
        if (status != 204) {
            throw new AssertionError("me/password: " + status);
        }
    }

    /** The port of the mail server. */
    public int mailPort() {
        return mailPort;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits for a number of mails with this subject to an address, and returns the last one. */
    MimeMessage mail(String to, String subject, int count) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .until(() -> mails(to, subject).size() >= count);
        return mails(to, subject).get(count - 1);
    }

    /** Waits long enough for a server that polls for the notices of another one. */
    void mailAfterRestart(String to, String subject) {
        Awaitility.await().atMost(Duration.ofSeconds(90)).until(() -> !mails(to, subject)
                .isEmpty());
    }

    /** The mails with this subject to an address. */
    public List<MimeMessage> mails(String to, String subject) {
        return Stream.of(mailServer.getReceivedMessages())
                .filter(mail -> is(mail, to, subject))
                .toList();
    }

    /** The number of all mails. */
    public int mails() {
        return mailServer.getReceivedMessages().length;
    }

    private static boolean is(MimeMessage mail, String to, String subject) {
        try {
            return mail.getSubject().equals(subject)
                    && mail.getRecipients(Message.RecipientType.TO)[0]
                            .toString()
                            .equals(to);
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(MimeMessage mail) {
        return part(mail, 0);
    }

    static String html(MimeMessage mail) {
        return part(mail, 1);
    }

    private static String part(MimeMessage mail, int part) {
        try {
            return (String) ((Multipart) mail.getContent()).getBodyPart(part).getContent();
        } catch (IOException | MessagingException e) {
            throw new IllegalStateException(GreenMailUtil.getBody(mail), e);
        }
    }

    /** Stops the mail server. Its mails are lost. */
    public void stopMailServer() {
        mailServer.stop();
    }

    /** Starts a mail server at the same port. */
    public void startMailServer() {
        mailServer = new GreenMail(new ServerSetup(mailPort, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mailServer.start();
    }

    @Override
    public void close() {
        realm.remove();
        mailServer.stop();
    }
}
