package io.perch.keycloak.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.PageBrowser;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** Notices of sign-ins with a new device. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class NewDeviceNoticesIT extends NoticesInAServer {

    private static final String NEWER_FIREFOX =
            "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0";

    @Test
    void thereIsOneNoticeOfANewDeviceAndNoneOfTheFirst() {
        realm.signIn("ada", FIREFOX);
        awaitDevices(1);
        realm.signIn("ada", NEWER_FIREFOX);
        realm.signIn("ada", SAFARI);
        String html = NoticeRealm.html(realm.mail(ADA, NEW_DEVICE, 1));
        assertTrue(html.contains("Browser: Mobile Safari. Operating system: iOS."), html);
        assertTrue(html.contains("&lt;b&gt;Ada"), html);
        awaitDevices(2);

        realm.signIn("ada", SAFARI);
        realm.signIn("ada", FIREFOX);
        realm.addUser("eve", "Eve");
        realm.signIn("eve", SAFARI);
        realm.signIn("ada", "Wget/1.21.3");
        realm.mail(ADA, NEW_DEVICE, 2);
        awaitDevices(4);
        assertEquals(2, realm.mails());
    }

    @Test
    void anUnknownDeviceCountsAsADevice() {
        realm.signIn("ada", FIREFOX);
        awaitDevices(1);
        realm.signIn("ada", "<i>?</i>");
        String html = NoticeRealm.html(realm.mail(ADA, NEW_DEVICE, 1));
        assertTrue(html.contains("Browser: unknown. Operating system: unknown."), html);
    }

    @Test
    void aUserHasAtMostThreeDevicesAndTheyAreDeletedWithTheUser() {
        realm.signIn("ada", FIREFOX);
        awaitDevices(1);
        int mails = 0;
        for (String device : List.of(SAFARI, "Wget/1.21.3", "curl/8.14.1", "python-requests/2.32.4")) {
            realm.signIn("ada", device);
            mails++;
            realm.mail(ADA, NEW_DEVICE, mails);
        }
        awaitDevices(3);
        realm.realm.users().get(id).remove();
        awaitDevices(0);
    }

    @Test
    void aSignInWorksWhileTheMailServerIsDown() {
        realm.signIn("ada", FIREFOX);
        awaitDevices(1);
        realm.stopMailServer();
        long start = System.nanoTime();
        realm.signIn("ada", SAFARI);
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 5);
        awaitDevices(2);
    }

    @Test
    void anotherBrowserOfTheSameKindIsANewDevice() {
        PageBrowser browser = new PageBrowser();
        realm.signIn(browser, "ada");
        awaitDevices(1);
        realm.signIn(browser, "ada");
        realm.signIn(new PageBrowser(), "ada");
        realm.mail(ADA, NEW_DEVICE, 1);
        awaitDevices(2);
        realm.signIn(browser, "ada");
        realm.addUser("eve", "Eve");
        // The same browser without a session
        PageBrowser sameBrowser = new PageBrowser();
        sameBrowser.remember(DeviceCookie.NAME, browser.removeCookie(DeviceCookie.NAME));
        realm.signIn(sameBrowser, "eve");
        awaitDevices(3);
        assertEquals(1, realm.mails());
    }

    @Test
    void aCookieThatTheRealmDidNotIssueIsANewDevice() {
        PageBrowser browser = new PageBrowser();
        realm.signIn(browser, "ada");
        awaitDevices(1);
        String cookie = browser.removeCookie(DeviceCookie.NAME);
        realm.addUser("eve", "Eve");
        int mails = 0;
        for (String forged : List.of(cookie + "x", realm.signIn("eve", SAFARI))) {
            PageBrowser other = new PageBrowser();
            other.remember(DeviceCookie.NAME, forged);
            realm.signIn(other, "ada");
            mails++;
            realm.mail(ADA, NEW_DEVICE, mails);
        }
        awaitDevices(4);
        browser.remember(DeviceCookie.NAME, cookie);
        realm.signIn(browser, "ada");
        assertEquals(mails, realm.mails());
    }

    @Test
    void aBrowserThatWasKnownBeforeCookiesCausesNoMail() {
        // A browser of the tests has no known name
        realm.signIn("ada", "unknown");
        awaitDevices(1);
        server.run(session -> session.getProvider(JpaConnectionProvider.class)
                .getEntityManager()
                .createQuery("update PerchKnownDevice d set d.beforeCookies = true")
                .executeUpdate());
        PageBrowser browser = new PageBrowser();
        realm.signIn(browser, "ada");
        realm.signIn(browser, "ada");
        realm.signIn(new PageBrowser(), "ada");
        realm.mail(ADA, NEW_DEVICE, 1);
        awaitDevices(2);
        assertEquals(1, realm.mails());
    }
}
