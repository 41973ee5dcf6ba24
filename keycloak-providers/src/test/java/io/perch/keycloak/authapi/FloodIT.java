package io.perch.keycloak.authapi;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.perch.keycloak.PackagedProviders;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.remote.timeoffset.InjectTimeOffSet;
import org.keycloak.testframework.remote.timeoffset.TimeOffSet;

/** Too many requests for mails. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // set before each test
class FloodIT extends AuthApiInAServer {

    /** Three times the twenty mails that a network gets in an hour. */
    private static final int REQUESTS = 60;

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
    void tooManyRequestsFromANetworkAreDroppedForAnHourWithTheSameAnswer() {
        for (String name : new String[] {"alice", "bob", "carol"}) {
            realm.user(name);
        }
        // All except the first are within the cooldown, and are not counted as mails
        for (int i = 0; i < REQUESTS; i++) {
            forgot("alice");
        }
        forgot("bob");
        mail.code(1);
        time.set(3601);
        forgot("carol");
        await().atMost(Duration.ofSeconds(20)).until(() -> mail.mailboxes().contains("carol@perch.example"));
        assertFalse(mail.mailboxes().contains("bob@perch.example"));
    }

    @Test
    void aFloodFromOneNetworkDoesNotDelayTheMailOfARegistrationFromTheSameNetwork() {
        realm.change(settings -> settings.setVerifyEmail(true));
        for (int i = 0; i < REQUESTS; i++) {
            forgot("nobody" + i);
        }
        Answer registered =
                api.post("/register", "{\"email\":\"bob@perch.example\",\"password\":\"correct horse battery\"}");
        assertEquals(201, registered.status());
        mail.code(1);
        assertEquals(List.of("bob@perch.example"), mail.mailboxes());
    }

    @Test
    void eachUserOfAServerThatSendsUserAddressesHasASeparateBudget() {
        ClientRepresentation client =
                realm.admin().clients().findByClientId("confidential").get(0);
        for (boolean named : List.of(false, true)) {
            client.getAttributes().put(UserAddress.ATTRIBUTE, Boolean.toString(named));
            realm.admin().clients().get(client.getId()).update(client);
            int status = 201;
            for (int i = 0; i < 31; i++) {
                status = api.post(
                                "/register",
                                "{\"username\":\"bob-%s-%d\",\"password\":\"correct horse battery\",\"client_id\":\"confidential\",\"client_secret\":\"%s\"}"
                                        .formatted(named, i, AuthApiRealm.SECRET),
                                UserAddress.HEADER,
                                "203.0.113." + i)
                        .status();
            }
            assertEquals(named ? 201 : 429, status);
        }
        assertEquals("203.0.113.30", realm.events("REGISTER").get(0).getIpAddress());
    }

    private void forgot(String name) {
        Answer answer = api.post("/forgot-password", "{\"email\":\"%s@perch.example\"}".formatted(name));
        assertEquals(202, answer.status());
    }
}
