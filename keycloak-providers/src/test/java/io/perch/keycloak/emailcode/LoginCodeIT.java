package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.PageBrowser;
import io.perch.keycloak.WrongCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.InjectKeycloakUrls;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.server.KeycloakUrls;

/** The code as a second factor of a sign-in, and its protection against guesses. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
class LoginCodeIT extends CodesRealmInAServer {

    private static final String WRONG = "This code is wrong.";

    @InjectKeycloakUrls
    KeycloakUrls urls;

    private final PageBrowser browser = new PageBrowser();
    private String ada;

    @BeforeEach
    void requireCodes() {
        realm.requireCodes();
        ada = realm.createUser("ada", true);
    }

    @Test
    void theCodeFollowsThePassword() {
        String page = signIn(CodesRealm.PASSWORD);
        assertTrue(page.contains("a***@perch.example"), page);
        assertFalse(page.contains("ada@perch.example"), page);

        browser.submit("code", realm.codeOfMail(1));

        assertEquals("/app", browser.address().getPath());
    }

    @Test
    void anExecutionCanHaveAnotherFormOfCodesAndAnAuthenticationMethod() {
        realm.addMethodsToTokens();
        realm.configureCodes(Map.of(
                "length", "8", "life", "120", "default.reference.value", "email", "default.reference.maxAge", "3600"));
        signIn(CodesRealm.PASSWORD);
        String code = realm.codeOfMail(1);
        assertEquals(8, code.length());
        String mail = CodesRealm.text(realm.mail(1));
        assertTrue(mail.contains("2 minutes"), mail);

        browser.submit("code", code);

        String token = accessToken();
        assertTrue(token.contains("\"amr\":[\"email\"]"), token);
    }

    @Test
    void aCodeIsNotAcceptedAfterTheLifeOfItsExecution() {
        realm.configureCodes(Map.of("life", "120"));
        signIn(CodesRealm.PASSWORD);
        String code = realm.codeOfMail(1);
        assertEquals(6, code.length());
        time.set(121);
        assertTrue(browser.submit("code", code).contains("This code no longer works"));
    }

    @Test
    void aFormThatIsNotAllowedIsIgnored() {
        realm.configureCodes(Map.of("length", "4", "life", "forever"));
        signIn(CodesRealm.PASSWORD);
        String code = realm.codeOfMail(1);
        assertEquals(6, code.length());
        browser.submit("code", code);
        assertEquals("/app", browser.address().getPath());
    }

    @Test
    void aUserWithAnUnverifiedAddressNeedsNoSecondFactor() {
        realm.change(settings -> settings.setVerifyEmail(false));
        realm.createUser("eve", false);
        browser.open(realm.signIn(urls.getBase(), "en", ""));
        browser.submit("username", "eve", "password", CodesRealm.PASSWORD);
        assertEquals("/app", browser.address().getPath());
    }

    @Test
    void aCodeWorksOnlyInTheSignInThatRequestedIt() {
        signIn(CodesRealm.PASSWORD);
        String first = realm.codeOfMail(1);
        PageBrowser other = new PageBrowser();
        other.open(realm.signIn(urls.getBase(), "en", ""));
        other.submit("username", "ada", "password", CodesRealm.PASSWORD);
        String second = realm.codeOfMail(2);
        if (!second.equals(first)) {
            assertTrue(other.submit("code", first).contains(WRONG));
        }
        browser.submit("code", first);
        assertEquals("/app", browser.address().getPath());
        other.submit("code", second);
        assertEquals("/app", other.address().getPath());
    }

    @Test
    void aWrongPasswordSendsNothing() {
        signIn("wrong");
        signIn(CodesRealm.PASSWORD);
        realm.codeOfMail(1);
        assertEquals(1, realm.mails());
    }

    @Test
    void aWrongCodeShowsTheMessageAndTheFifthVoidsIt() {
        signIn(CodesRealm.PASSWORD);
        String code = realm.codeOfMail(1);
        for (int i = 0; i < 5; i++) {
            String page = browser.submit("code", WrongCode.otherThan(code));
            assertTrue(page.contains(WRONG), page);
        }
        assertTrue(browser.submit("code", code).contains("This code no longer works"));
        assertEquals(6, realm.events("LOGIN_ERROR").size());
    }

    @Test
    void anotherMailIsSentAfterAMinuteAndVoidsThePreviousCode() {
        assertTrue(signIn(CodesRealm.PASSWORD).contains("seconds."));
        String first = realm.codeOfMail(1);
        assertTrue(browser.submit("resend", "true").contains("We sent the last email a short time ago"));
        assertEquals(1, realm.mails());
        time.set(62);
        assertTrue(browser.submit("resend", "true").contains("We have sent a new code"));
        String second = realm.codeOfMail(2);
        if (!second.equals(first)) {
            assertTrue(browser.submit("code", first).contains(WRONG));
        }
        browser.submit("code", second);
        assertEquals("/app", browser.address().getPath());
    }

    @Test
    void anonymousResetRequestsDoNotBlockTheOwnersSecondFactor() throws IOException, InterruptedException {
        CodesApi api = new CodesApi(URI.create(urls.getBase()), realm);
        for (int i = 0; i < 5; i++) {
            time.set(i * 62);
            assertEquals(202, api.post("forgot-password", "email", "ada@perch.example"));
        }
        int mails = settledMails();
        signIn(CodesRealm.PASSWORD);
        browser.submit("code", realm.codeOfMail(mails + 1));
        assertEquals("/app", browser.address().getPath());
    }

    /** The number of mails after the last one has arrived. */
    private int settledMails() {
        AtomicInteger before = new AtomicInteger(-1);
        Awaitility.await()
                .pollInterval(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(60))
                .until(() -> before.getAndSet(realm.mails()) == realm.mails());
        return realm.mails();
    }

    @Test
    void wrongCodesLockTheAccountAsWrongPasswordsDo() {
        lockAfter(3);
        signIn(CodesRealm.PASSWORD);
        String code = realm.codeOfMail(1);
        for (int i = 1; i <= 3; i++) {
            browser.submit("code", WrongCode.otherThan(code));
            awaitFailures(i);
        }
        awaitLock();

        assertTrue(browser.submit("code", code).contains(WRONG));
        assertTrue(browser.submit("code", code).contains(WRONG));
        assertTrue(realm.events("LOGIN_ERROR").stream()
                .anyMatch(event -> "user_temporarily_disabled".equals(event.getError())));
    }

    @Test
    void thirtyWrongPasswordsOnThePageLockTheAccount() {
        lockAfter(30);
        for (int i = 1; i <= 30; i++) {
            assertTrue(signIn("wrong").contains("Invalid username or password."));
            awaitFailures(i);
        }
        awaitLock();

        assertTrue(signIn(CodesRealm.PASSWORD).contains("Invalid username or password."));
        assertEquals(0, realm.mails());
    }

    private void lockAfter(int failures) {
        realm.change(settings -> {
            settings.setBruteForceProtected(true);
            settings.setFailureFactor(failures);
            settings.setQuickLoginCheckMilliSeconds(0L);
        });
    }

    // Keycloak counts after its answer
    private void awaitFailures(int failures) {
        Awaitility.await().until(() -> Integer.valueOf(failures).equals(status("numFailures")));
    }

    private void awaitLock() {
        Awaitility.await().until(() -> Boolean.TRUE.equals(status("disabled")));
    }

    private @Nullable Object status(String member) {
        return realm.realm.attackDetection().bruteForceUserStatus(ada).get(member);
    }

    private String signIn(String password) {
        browser.open(realm.signIn(urls.getBase(), "en", ""));
        return browser.submit("username", "ada", "password", password);
    }

    /** Exchanges the code of the app's address, and returns the claims of the access token. */
    private String accessToken() {
        String code = browser.address().getQuery().replaceFirst(".*code=([^&]*).*", "$1");
        try {
            String tokens = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(urls.getBase() + "/realms/" + realm.name
                                            + "/protocol/openid-connect/token"))
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .POST(BodyPublishers.ofString(
                                            "grant_type=authorization_code&client_id=app&redirect_uri=http://localhost/app&code="
                                                    + code))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
            String claims = tokens.replaceFirst("(?s).*\"access_token\":\"[^.]*\\.([^.]*)\\..*", "$1");
            return new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
