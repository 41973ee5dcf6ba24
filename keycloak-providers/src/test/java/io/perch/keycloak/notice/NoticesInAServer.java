package io.perch.keycloak.notice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.testframework.annotations.InjectAdminClient;
import org.keycloak.testframework.annotations.InjectKeycloakUrls;
import org.keycloak.testframework.remote.runonserver.InjectRunOnServer;
import org.keycloak.testframework.remote.runonserver.RunOnServerClient;
import org.keycloak.testframework.server.KeycloakUrls;

/** A test with a separate realm in the running server, whose user ada gets notices. */
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
abstract class NoticesInAServer {

    static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

    static final String SAFARI =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                    + " Version/18.5 Mobile/15E148 Safari/604.1";

    static final String ADA = "ada@perch.example";
    static final String NEW = "new@perch.example";
    static final String EMAIL_CHANGED = "Your email address was changed";
    static final String NEW_DEVICE = "A new device signed in to your account";

    @InjectAdminClient
    Keycloak admin;

    @InjectKeycloakUrls
    KeycloakUrls urls;

    @InjectRunOnServer(permittedPackages = "io.perch.keycloak.notice")
    RunOnServerClient server;

    NoticeRealm realm;

    String id;

    @BeforeEach
    void createRealm() {
        realm = new NoticeRealm(URI.create(urls.getBase()), admin, "perch");
        id = realm.addUser("ada", "<b>Ada</b>");
    }

    @AfterEach
    void deleteRealm() {
        realm.close();
    }

    String token() {
        return realm.signIn("ada", FIREFOX);
    }

    void changePassword(String token, String from, String to) {
        assertEquals(
                204,
                realm.call(
                        "POST",
                        "auth-api/v1/me/password",
                        token,
                        "{\"current_password\": \"" + from + "\", \"new_password\": \"" + to + "\"}"));
    }

    void awaitDevices(int count) {
        Awaitility.await().until(() -> devices() == count);
    }

    /** The number of rows of all realms. When a test removes its realm, the realm's rows are deleted too. */
    int devices() {
        return server.fetch(
                session -> session.getProvider(JpaConnectionProvider.class)
                        .getEntityManager()
                        .createQuery("select d from PerchKnownDevice d")
                        .getResultList()
                        .size(),
                Integer.class);
    }

    /** Waits until no notice is in the queue. */
    void awaitNoNotices() {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> notices("n.sentAt = 0") == 0);
    }

    int notices(String which) {
        return server.fetch(
                session -> session.getProvider(JpaConnectionProvider.class)
                        .getEntityManager()
                        .createQuery("select n from PerchNotice n where " + which)
                        .getResultList()
                        .size(),
                Integer.class);
    }
}
