package io.perch.keycloak.theme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.perch.keycloak.PackagedProviders;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.testframework.annotations.InjectAdminClient;
import org.keycloak.testframework.annotations.InjectKeycloakUrls;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.server.KeycloakUrls;

@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
class EmailThemeIT {

    private static final Pattern LINK = Pattern.compile("http://\\S+");

    @InjectKeycloakUrls
    KeycloakUrls urls;

    @InjectAdminClient
    Keycloak admin;

    private final GreenMail mailServer = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP));
    private final Browser browser = new Browser();
    private ThemedRealm realm;

    @BeforeEach
    void startMailServerAndCreateRealm() {
        mailServer.start();
        realm = new ThemedRealm(
                URI.create(urls.getBase()), admin, mailServer.getSmtp().getPort());
    }

    @AfterEach
    void removeRealmAndStopMailServer() {
        realm.close();
        mailServer.stop();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | Choose a new password         | Hello Ada,     | The link works for 5 minutes.",
                "de | Wählen Sie ein neues Passwort | Guten Tag Ada, | Der Link gilt 5 Minuten."
            })
    void aForgottenPasswordIsAnsweredInHtmlAndTextInTheUsersLanguage(
            String language, String subject, String greeting, String expiry) {
        realm.addUser("ada", "Ada");
        Mail mail = forgottenPassword("ada", language);
        assertEquals(subject, mail.subject());
        for (String body : List.of(mail.text(), mail.html())) {
            assertTrue(body.contains(greeting), body);
            assertTrue(body.contains(expiry), body);
        }
        assertTrue(mail.text().contains("Perch & Co"), mail.text());
        assertTrue(mail.html().contains("Perch &amp; Co"), mail.html());
        assertTrue(mail.html().contains("<html lang=\"" + language + "\" dir=\"ltr\">"), mail.html());
    }

    @Test
    void anotherLanguageFallsBackToKeycloaksTextAndTheEnglishGreeting() {
        realm.addUser("ada", "Ada");
        Mail mail = forgottenPassword("ada", "fr");
        assertEquals("Réinitialiser le mot de passe", mail.subject());
        assertTrue(mail.html().contains("Hello Ada,"), mail.html());
    }

    @Test
    void aNameIsAlwaysWrittenAsText() {
        realm.addUser("eve", "<b>x</b><img src=//e.example>");
        Mail mail = forgottenPassword("eve", "en");
        assertTrue(mail.html().contains("Hello &lt;b&gt;x&lt;/b&gt;&lt;img src=//e.example&gt;,"), mail.html());
        assertTrue(mail.text().contains("Hello <b>x</b><img src=//e.example>,"), mail.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"A\r\n\r\nd\u0007a", "\u202EA d\u2066a", "A${passwordResetSubject}da"})
    void aNameCannotAddMarkupOrLines(String name) {
        realm.addUser("eve", name);
        Mail mail = forgottenPassword("eve", "en");
        String greeting = mail.text().lines().findFirst().orElseThrow();
        assertTrue(greeting.matches("Hello [A-Za-z {}]+,"), greeting);
        assertFalse(greeting.contains("Choose"), greeting);
    }

    @Test
    void aLongNameIsShortened() {
        realm.addUser("eve", "Win a prize ".repeat(20));
        String greeting =
                forgottenPassword("eve", "en").text().lines().findFirst().orElseThrow();
        assertTrue(greeting.length() <= "Hello ,".length() + 40, greeting);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | Your way to sign in was changed | The password of your account was changed on",
                "de | Ihre Anmeldung wurde geändert   | Das Passwort Ihres Kontos wurde am"
            })
    void theMailAboutAChangedPasswordIsInTheUsersLanguage(String language, String subject, String text) {
        realm.addUser("ada", "Ada", language);
        Mail reset = forgottenPassword("ada", language);
        HttpResponse<String> page = browser.open(onlyLink(reset.text()));
        browser.submit(page, Map.of("password-new", "perch-demo-ada", "password-confirm", "perch-demo-ada"));
        Mail notice = Mail.among(mailServer, 2, subject);
        assertTrue(notice.text().contains(text), notice.text());
        assertTrue(notice.html().contains(text), notice.html());
        assertFalse(notice.html().contains("href"), notice.html());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | Please update your account | : Update Password.",
                "de | Bitte aktualisieren Sie Ihr Konto | : Passwort aktualisieren."
            })
    void anAdministratorsRequestHasTheSameDesign(String language, String subject, String actions) {
        realm.addUser("ada", "Ada", language);
        realm.requestActions("ada", List.of("UPDATE_PASSWORD"));
        Mail mail = Mail.among(mailServer, 1, subject);
        assertTrue(mail.text().contains(actions), mail.text());
        assertTrue(mail.html().contains(actions), mail.html());
        assertTrue(mail.html().contains("class=\"card\""), mail.html());
    }

    @Test
    void aMailLoadsNothingAndHasOneLink() {
        realm.addUser("ada", "Ada");
        String html = forgottenPassword("ada", "en").html();
        assertFalse(html.matches("(?s).*(<img|<link|<script|url\\(|src=|@import).*"), html);
        assertEquals(1, html.split("http", -1).length - 1, html);
    }

    private Mail forgottenPassword(String username, String language) {
        HttpResponse<String> page = browser.open(realm.signIn(language));
        HttpResponse<String> form = browser.openLinked(page, "href", "/login-actions/reset-credentials");
        browser.submit(form, Map.of("username", username));
        return Mail.first(mailServer);
    }

    private static URI onlyLink(String text) {
        Matcher link = LINK.matcher(text);
        assertTrue(link.find(), text);
        return URI.create(link.group());
    }
}
