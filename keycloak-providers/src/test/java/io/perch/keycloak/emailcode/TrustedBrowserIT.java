package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.PageBrowser;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.testframework.annotations.InjectKeycloakUrls;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.server.KeycloakUrls;

/** Browsers that a user trusts ask for no code. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
class TrustedBrowserIT extends CodesRealmInAServer {

    private static final int DAYS = 30;
    private static final String CHECKBOX = "name=\"trust-browser\"";

    @InjectKeycloakUrls
    KeycloakUrls urls;

    private String ada;

    @BeforeEach
    void requireCodes() {
        realm.requireCodes();
        ada = realm.createUser("ada", true);
    }

    @Test
    void aTrustedBrowserAsksForNoCodeAndAnotherOneDoes() {
        realm.configureCodes(Map.of("trust-days", Integer.toString(DAYS)));
        String trust = trustedBrowser();
        assertSignsInWithoutCode("ada", trust);
        assertAsksForACode("ada", "");
        time.set(DAYS * 86_400 - 60);
        assertSignsInWithoutCode("ada", trust);
        time.set(DAYS * 86_400 + 60);
        assertAsksForACode("ada", trust);
    }

    @Test
    void aBrowserIsTrustedForOneUserAndOnlyWithTheRealmsOwnCookie() {
        realm.configureCodes(Map.of("trust-days", Integer.toString(DAYS)));
        realm.createUser("eve", true);
        String trust = trustedBrowser();
        assertAsksForACode("eve", trust);
        assertAsksForACode("ada", trust + "x");
        assertAsksForACode("ada", "x");
    }

    @Test
    void aNewPasswordEndsTheTrust() {
        realm.configureCodes(Map.of("trust-days", Integer.toString(DAYS)));
        String trust = trustedBrowser();
        time.set(10);
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setValue(CodesRealm.PASSWORD);
        realm.realm.users().get(ada).resetPassword(password);
        assertAsksForACode("ada", trust);
    }

    @Test
    void aSignOutOfAllSessionsEndsTheTrust() {
        realm.configureCodes(Map.of("trust-days", Integer.toString(DAYS)));
        String trust = trustedBrowser();
        time.set(10);
        realm.realm.users().get(ada).logout();
        assertAsksForACode("ada", trust);
    }

    @Test
    void nobodyIsTrustedWithoutTheChoiceOrWithoutTheOption() {
        realm.configureCodes(Map.of("trust-days", "1"));
        PageBrowser browser = new PageBrowser();
        String page = signIn(browser, "ada");
        assertTrue(page.contains(CHECKBOX), page);
        assertTrue(page.contains("For one day it will not ask for a code."), page);
        browser.submit("code", realm.codeOfMail(1));
        assertFalse(browser.has(TrustedBrowser.COOKIE));
    }

    @Test
    void theOptionIsOffByDefault() {
        PageBrowser browser = new PageBrowser();
        String page = signIn(browser, "ada");
        assertFalse(page.contains(CHECKBOX), page);
        browser.submit("code", realm.codeOfMail(1), "trust-browser", "on");
        assertEquals("/app", browser.address().getPath());
        assertFalse(browser.has(TrustedBrowser.COOKIE));
    }

    /** Signs in with a code, trusts the browser, and returns its cookie. */
    private String trustedBrowser() {
        PageBrowser browser = new PageBrowser();
        String page = signIn(browser, "ada");
        assertTrue(page.contains("For " + DAYS + " days it will not ask for a code."), page);
        browser.submit("code", realm.codeOfMail(1), "trust-browser", "on");
        assertEquals("/app", browser.address().getPath());
        return browser.removeCookie(TrustedBrowser.COOKIE);
    }

    private void assertSignsInWithoutCode(String username, String trust) {
        int mails = realm.mails();
        PageBrowser browser = new PageBrowser();
        browser.remember(TrustedBrowser.COOKIE, trust);
        signIn(browser, username);
        assertEquals("/app", browser.address().getPath());
        assertEquals(mails, realm.mails());
    }

    private void assertAsksForACode(String username, String trust) {
        PageBrowser browser = new PageBrowser();
        if (!trust.isEmpty()) {
            browser.remember(TrustedBrowser.COOKIE, trust);
        }
        String page = signIn(browser, username);
        assertTrue(page.contains("name=\"code\""), page);
    }

    private String signIn(PageBrowser browser, String username) {
        browser.open(realm.signIn(urls.getBase(), "en", ""));
        return browser.submit("username", username, "password", CodesRealm.PASSWORD);
    }
}
