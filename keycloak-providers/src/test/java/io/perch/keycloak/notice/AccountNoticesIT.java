package io.perch.keycloak.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.PageBrowser;
import java.net.URI;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.representations.idm.RequiredActionProviderRepresentation;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** Notices of changes of an account, the limits of all notices, and their delivery. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class AccountNoticesIT extends NoticesInAServer {

    @Test
    void theOldAddressGetsANoticeOfAChangeByTheApi() {
        assertEquals(200, realm.call("PUT", "auth-api/v1/me", token(), "{\"email\": \"" + NEW + "\"}"));
        checkNoticeOfTheNewAddress();
    }

    @Test
    void theOldAddressGetsANoticeOfAChangeInTheAccountConsole() {
        assertEquals(
                204,
                realm.call(
                        "POST",
                        "account",
                        token(),
                        "{\"username\": \"ada\", \"email\": \"" + NEW
                                + "\", \"firstName\": \"<b>Ada</b>\", \"lastName\": \"Perch\"}"));
        checkNoticeOfTheNewAddress();
    }

    @Test
    void theOldAddressGetsANoticeOfAChangeByTheRequiredAction() {
        RequiredActionProviderRepresentation action = realm.realm.flows().getRequiredAction("UPDATE_EMAIL");
        action.setEnabled(true);
        realm.realm.flows().updateRequiredAction("UPDATE_EMAIL", action);
        UserRepresentation ada = realm.realm.users().get(id).toRepresentation();
        ada.setRequiredActions(List.of("UPDATE_EMAIL"));
        realm.realm.users().get(id).update(ada);
        PageBrowser browser = new PageBrowser();
        browser.open(URI.create(urls.getBase() + "/realms/" + realm.name
                + "/protocol/openid-connect/auth?client_id=app&response_type=code&redirect_uri=http://localhost/app"));
        browser.submit("username", "ada", "password", NoticeRealm.PASSWORD);
        browser.submit("email", NEW);
        assertEquals("/app", browser.address().getPath());
        checkNoticeOfTheNewAddress();
    }

    private void checkNoticeOfTheNewAddress() {
        var mail = realm.mail(ADA, EMAIL_CHANGED, 1);
        String html = NoticeRealm.html(mail);
        assertTrue(html.contains("a...@perch.example"), html);
        assertTrue(html.contains("n...@perch.example"), html);
        assertFalse(html.contains(NEW), html);
        assertFalse(html.contains("<b>Ada"), html);
        assertTrue(html.contains("&lt;b&gt;Ada"), html);
        assertFalse(NoticeRealm.text(mail).contains(NEW));
    }

    @Test
    void thereIsNoNoticeOfAChangedName() {
        String token = token();
        assertEquals(200, realm.call("PUT", "auth-api/v1/me", token, "{\"first_name\": \"Eve\"}"));
        assertEquals(200, realm.call("PUT", "auth-api/v1/me", token, "{\"email\": \"" + NEW + "\"}"));
        realm.mail(ADA, EMAIL_CHANGED, 1);
        assertEquals(1, realm.mails());
    }

    @Test
    void thereIsANoticeOfAChangedPassword() {
        assertEquals(
                204,
                realm.call(
                        "POST",
                        "auth-api/v1/me/password",
                        token(),
                        "{\"current_password\": \"" + NoticeRealm.PASSWORD
                                + "\", \"new_password\": \"another horse battery\"}"));
        var mail = realm.mail(ADA, "Your way to sign in was changed", 1);
        assertTrue(NoticeRealm.text(mail).contains("The password of your account was changed on"));
        assertTrue(NoticeRealm.html(mail).contains("&lt;b&gt;Ada"), NoticeRealm.html(mail));
        assertEquals(1, realm.mails());
    }

    @Test
    void anUnverifiedAddressGetsNoNoticesOfSignIns() {
        UserRepresentation ada = realm.realm.users().get(id).toRepresentation();
        ada.setEmailVerified(false);
        realm.realm.users().get(id).update(ada);
        realm.signIn("ada", FIREFOX);
        awaitDevices(1);
        realm.signIn("ada", SAFARI);
        awaitDevices(2);
        assertEquals(200, realm.call("PUT", "auth-api/v1/me", token(), "{\"email\": \"" + NEW + "\"}"));
        changePassword(token(), NoticeRealm.PASSWORD, "another horse battery");
        awaitNoNotices();
        assertEquals(0, realm.mails());
    }

    @Test
    void repeatedChangesOfAnAddressDoNotFloodAMailbox() {
        String token = token();
        for (int i = 0; i < 10; i++) {
            assertEquals(204, changeEmail(token, "victim@perch.example"));
            assertEquals(204, changeEmail(token, ADA));
        }
        realm.mail(ADA, EMAIL_CHANGED, 1);
        awaitNoNotices();
        assertEquals(0, realm.mails("victim@perch.example", EMAIL_CHANGED).size());
        assertEquals(1, realm.mails());
    }

    private int changeEmail(String token, String email) {
        return realm.call(
                "POST",
                "account",
                token,
                "{\"username\": \"ada\", \"email\": \"" + email
                        + "\", \"firstName\": \"<b>Ada</b>\", \"lastName\": \"Perch\"}");
    }

    @Test
    void aUserGetsFiveNoticesOfAKindInAnHour() {
        String password = NoticeRealm.PASSWORD;
        String token = token();
        for (int i = 0; i < 7; i++) {
            changePassword(token, password, "horse battery number " + i);
            password = "horse battery number " + i;
        }
        realm.mail(ADA, "Your way to sign in was changed", 5);
        awaitNoNotices();
        assertEquals(5, realm.mails());
    }

    @Test
    void aNoticeWaitsForTheMailServer() {
        String token = token();
        realm.stopMailServer();
        changePassword(token, NoticeRealm.PASSWORD, "another horse battery");
        Awaitility.await().until(() -> notices("n.attempts > 0") == 1);
        realm.startMailServer();
        realm.mail(ADA, "Your way to sign in was changed", 1);
        awaitNoNotices();
    }

    @ParameterizedTest
    @ValueSource(strings = {"keycloak", "base"})
    void otherThemesHaveTheMailsToo(String theme) {
        try (NoticeRealm other = new NoticeRealm(URI.create(urls.getBase()), admin, theme)) {
            other.addUser("ada", "Ada");
            String token = other.signIn("ada", FIREFOX);
            Awaitility.await().until(() -> devices() >= 1);
            other.signIn("ada", SAFARI);
            String html = NoticeRealm.html(other.mail(ADA, NEW_DEVICE, 1));
            assertTrue(html.contains("Browser: Mobile Safari. Operating system: iOS."), html);
            assertEquals(200, other.call("PUT", "auth-api/v1/me", token, "{\"email\": \"" + NEW + "\"}"));
            html = NoticeRealm.html(other.mail(ADA, EMAIL_CHANGED, 1));
            assertTrue(html.contains("n...@perch.example"), html);
        }
    }
}
