package io.perch.keycloak.authapi;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.perch.keycloak.PackagedProviders;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.remote.timeoffset.InjectTimeOffSet;
import org.keycloak.testframework.remote.timeoffset.TimeOffSet;

/** Somebody asks for mails over and over. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // set before each test
class FloodIT extends AuthApiInAServer {

    /** Three times the twenty mails that an address gets in an hour. */
    private static final int WISHES = 60;

    @InjectTimeOffSet
    TimeOffSet time;

    private MailSink mail;

    @BeforeEach
    void startMail() {
        mail = MailSink.of(realm);
    }

    @AfterEach
    void stopMail() {
        mail.close();
        time.set(0);
    }

    @Test
    void anAddressThatNeverStopsAskingIsNotListenedToForAnHourAndNotTold() {
        for (String name : new String[] {"alice", "bob", "carol"}) {
            realm.user(name);
        }
        // All but the first are within the cooldown, which costs no mail
        for (int i = 0; i < WISHES; i++) {
            forgot("alice");
        }
        forgot("bob");
        mail.code(1);
        time.set(3601);
        forgot("carol");
        await().atMost(Duration.ofSeconds(20)).until(() -> mail.mailboxes().contains("carol@perch.example"));
        assertFalse(mail.mailboxes().contains("bob@perch.example"));
    }

    private void forgot(String name) {
        Answer answer = api.post("/forgot-password", "{\"email\":\"%s@perch.example\"}".formatted(name));
        assertEquals(202, answer.status());
    }
}
