package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.PageBrowser;
import io.perch.keycloak.WrongCode;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.models.utils.TimeBasedOTP;
import org.keycloak.testframework.annotations.InjectKeycloakUrls;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.server.KeycloakUrls;

@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
class CodePagesIT extends CodesRealmInAServer {

    private static final String WRONG = "This code is wrong.";
    private static final String WRONG_OR_VOID = "This code is wrong or no longer works.";

    @InjectKeycloakUrls
    KeycloakUrls urls;

    private final PageBrowser browser = new PageBrowser();

    @Test
    void aUserWithAnUnverifiedAddressEntersTheCodeAtTheSignIn() {
        String page = signInUnverified("en");
        assertTrue(page.contains("ada@perch.example"), page);
        assertTrue(page.contains("inputmode=\"numeric\" autocomplete=\"one-time-code\" autofocus"), page);
        assertTrue(page.contains("<label for=\"code\""), page);

        String code = realm.codeOfMail(1);
        browser.submit("code", " " + code.substring(0, 3) + "-" + code.substring(3) + " ");

        assertEquals("/app", browser.address().getPath());
        assertTrue(realm.user("ada").isEmailVerified());
        assertEquals(1, realm.events("VERIFY_EMAIL").size());
    }

    @Test
    void aWrongCodeShowsTheMessageAndTheFifthVoidsIt() {
        signInUnverified("en");
        String code = realm.codeOfMail(1);
        String wrong = WrongCode.otherThan(code);
        for (int i = 0; i < 5; i++) {
            String page = browser.submit("code", wrong);
            assertTrue(page.contains(WRONG), page);
            assertTrue(page.contains("aria-invalid=\"true\""), page);
            assertTrue(page.contains("aria-describedby=\"input-error-code email-code-sent\""), page);
        }
        assertTrue(browser.submit("code", code).contains("This code no longer works"));
    }

    @Test
    void anEmptyFieldCostsNoAttempt() {
        signInUnverified("en");
        for (int i = 0; i < 6; i++) {
            assertTrue(browser.submit("code", " ").contains("Enter the code from the email."));
        }
        browser.submit("code", realm.codeOfMail(1));
        assertEquals("/app", browser.address().getPath());
    }

    @Test
    void anotherMailIsSentAfterAMinute() {
        assertTrue(signInUnverified("en").contains("seconds."));
        realm.codeOfMail(1);
        assertTrue(browser.submit("resend", "true").contains("We sent the last email a short time ago"));
        time.set(62);
        assertTrue(browser.submit("resend", "true").contains("We have sent a new code"));
        browser.submit("code", realm.codeOfMail(2));
        assertEquals("/app", browser.address().getPath());
    }

    @Test
    void thePageIsInGerman() {
        assertTrue(signInUnverified("de").contains("Code aus der E-Mail"));
    }

    @Test
    void aPageFromRightToLeftKeepsTheCodeFromLeftToRight() {
        String page = signInUnverified("ar");
        assertTrue(page.matches("(?s).*<html[^>]* dir=\"rtl\".*"), page);
        assertTrue(page.contains("<input id=\"code\" name=\"code\" type=\"text\" dir=\"ltr\""), page);
    }

    @Test
    void aUserWithAForgottenPasswordChoosesANewOneWithTheCode() {
        realm.createUser("ada", true);
        forgot("ada@perch.example");
        String page = browser.submit("code", realm.codeOfMail(1));
        assertTrue(page.contains("password-new"), page);
        browser.submit("password-new", "another-password", "password-confirm", "another-password");
        assertEquals("/app", browser.address().getPath());
    }

    @Test
    void theCodeRemovesThePasswordOfAnUnverifiedAccountEvenIfNoNewOneIsChosen() {
        realm.createUser("ada", false);
        forgot("ada@perch.example");
        String page = browser.submit("code", realm.codeOfMail(1));
        assertTrue(page.contains("password-new"), page);
        assertTrue(realm.user("ada").isEmailVerified());

        PageBrowser stranger = new PageBrowser();
        stranger.open(signIn("en"));
        page = stranger.submit("username", "ada", "password", CodesRealm.PASSWORD);
        assertTrue(page.contains("Invalid username or password."), page);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSignInThatWaitsForTheCodeEndsWhenTheOwnerTakesTheAccount(boolean sendsForm) {
        signInUnverified("en");
        URI waiting = browser.address();
        realm.codeOfMail(1);
        takeAccount(2);
        String page = sendsForm ? browser.submit("code", "1") : browser.open(waiting);
        assertTrue(page.contains("name=\"username\""), browser.address() + page);
        assertEquals(0, realm.events("LOGIN").size());
    }

    @Test
    void aSignInThatWaitsForTheSecondFactorEndsWhenTheOwnerTakesTheAccount() {
        realm.createUser("ada", false);
        realm.addAuthenticatorApp("ada", "a secret of twenty b");
        browser.open(signIn("en"));
        String page = browser.submit("username", "ada", "password", CodesRealm.PASSWORD);
        assertTrue(page.contains("name=\"otp\""), page);
        time.set(5);
        takeAccount(1);
        page = browser.submit("otp", new TimeBasedOTP().generateTOTP("a secret of twenty b"));
        assertTrue(page.contains("name=\"username\""), browser.address() + page);
        assertEquals(0, realm.events("LOGIN").size());
    }

    @Test
    void whoeverCancelsAVerificationThatWasDoneElsewhereIsNotSignedIn() {
        realm.change(settings -> settings.setVerifyEmail(false));
        realm.createUser("ada", false);
        browser.open(realm.signIn(urls.getBase(), "en", "&kc_action=verify-email-code"));
        browser.submit("username", "ada", "password", CodesRealm.PASSWORD);
        realm.codeOfMail(1);
        takeAccount(2);
        String page = browser.submit("cancel-aia", "true");
        assertTrue(page.contains("name=\"username\""), browser.address() + page);
    }

    @Test
    void theOwnerWhoTakesTheAccountIsSignedInAndStaysSo() {
        realm.createUser("ada", false);
        forgot("ada@perch.example");
        String code = realm.codeOfMail(1);
        time.set(5);
        browser.submit("code", code);
        time.set(10);
        browser.submit("password-new", "another-password", "password-confirm", "another-password");
        assertEquals("/app", browser.address().getPath());
        time.set(15);
        browser.open(signIn("en"));
        assertEquals("/app", browser.address().getPath());
        PageBrowser other = new PageBrowser();
        other.open(signIn("en"));
        other.submit("username", "ada", "password", "another-password");
        assertEquals("/app", other.address().getPath());
    }

    /** The owner of the mailbox enters the code of this mail, in a browser of their own. */
    private void takeAccount(int mail) {
        PageBrowser owner = new PageBrowser();
        owner.open(signIn("en"));
        owner.open(owner.link("reset-credentials"));
        owner.submit("username", "ada@perch.example");
        owner.submit("code", realm.codeOfMail(mail));
        assertTrue(realm.user("ada").isEmailVerified());
    }

    @Test
    void anUnknownUserSeesTheSamePages() {
        realm.createUser("ada", true);
        String known = forgot("ada@perch.example");
        realm.codeOfMail(1);
        String knownWrong = browser.submit("code", "no code");

        PageBrowser other = new PageBrowser();
        other.open(signIn("en"));
        other.open(other.link("reset-credentials"));
        String unknown = other.submit("username", "eve@perch.example");
        String unknownWrong = other.submit("code", "no code");

        assertEquals(text(known), text(unknown).replace("eve@", "ada@"));
        assertEquals(text(knownWrong), text(unknownWrong).replace("eve@", "ada@"));
        assertTrue(unknownWrong.contains(WRONG_OR_VOID), unknownWrong);
        assertEquals(1, realm.mails());
    }

    @Test
    void aResetDoesNotBypassTheSecondFactor() {
        realm.createUser("ada", true);
        realm.addAuthenticatorApp("ada", "a secret of twenty b");
        forgot("ada@perch.example");
        String page = browser.submit("code", realm.codeOfMail(1));
        assertTrue(page.contains("name=\"otp\""), page);
        assertFalse(page.contains("password-new"), page);
        assertFalse(browser.submit("otp", "000000").contains("password-new"));

        page = browser.submit("otp", new TimeBasedOTP().generateTOTP("a secret of twenty b"));
        assertTrue(page.contains("password-new"), page);
    }

    @Test
    void anApplicationCanRequestTheVerification() {
        realm.change(settings -> settings.setVerifyEmail(false));
        realm.createUser("ada", false);
        browser.open(realm.signIn(urls.getBase(), "en", "&kc_action=verify-email-code"));
        String page = browser.submit("username", "ada", "password", CodesRealm.PASSWORD);
        assertTrue(page.contains("name=\"cancel-aia\""), page);
        browser.submit("code", realm.codeOfMail(1));

        assertTrue(browser.address().getQuery().contains("kc_action_status=success"), browser.address()::toString);
        assertTrue(realm.user("ada").isEmailVerified());
    }

    @Test
    void theUserCanCancelAVerificationThatAnApplicationRequests() {
        realm.change(settings -> settings.setVerifyEmail(false));
        realm.createUser("ada", false);
        browser.open(realm.signIn(urls.getBase(), "en", "&kc_action=verify-email-code"));
        browser.submit("username", "ada", "password", CodesRealm.PASSWORD);
        browser.submit("cancel-aia", "true");

        assertTrue(browser.address().getQuery().contains("kc_action_status=cancelled"), browser.address()::toString);
        assertFalse(realm.user("ada").isEmailVerified());
    }

    private String signInUnverified(String language) {
        realm.createUser("ada", false);
        browser.open(signIn(language));
        return browser.submit("username", "ada", "password", CodesRealm.PASSWORD);
    }

    private String forgot(String mailbox) {
        browser.open(signIn("en"));
        browser.open(browser.link("reset-credentials"));
        return browser.submit("username", mailbox);
    }

    private URI signIn(String language) {
        return realm.signIn(urls.getBase(), language, "");
    }

    /** The content of a page, without the parts that differ between sign-ins or change with time. */
    private static String text(String page) {
        return page.substring(page.indexOf("<main"), page.indexOf("</main>"))
                .replaceAll("(action|href|value)=\"[^\"]*\"", "")
                .replaceAll("data-seconds=\"[0-9]+\"|in [0-9]+ seconds", "");
    }
}
