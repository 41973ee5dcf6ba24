package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens end because of their realm: its not-before is set, its sessions end, or it is disabled, deleted or renamed. */
class DisabledRealmsIT extends EndedTokensInAServer {

    @Test
    void tokensOfTheRealmThatAreTooOldEnd() {
        IssuedToken token = events.token("app", "ada");

        ends("not-before of the realm", token, () -> change(realm -> realm.setNotBefore(inASecond())));
    }

    @Test
    void anAdministratorEndsEverySessionOfTheRealm() {
        // A token has its time of issue in whole seconds, so the test waits for the next second
        IssuedToken token = events.token("app", "ada");
        awaitSecondAfter(token);

        ends("all sessions of the realm ended", token, () -> events.realm.logoutAll());
    }

    @Test
    void theRealmIsDisabled() {
        IssuedToken token = events.token("app", "ada");

        endsForConsumers("realm disabled", token, () -> change(realm -> realm.setEnabled(false)));
    }

    @Test
    void theRealmIsDeleted() {
        IssuedToken token = events.token("app", "ada");

        ends("realm deleted", token, () -> events.realm.remove());

        assertEquals(
                List.of("io.perch.realm.sessions_ended"),
                broker.received().stream()
                        .filter(event -> event.data().path("realm").asText().equals(events.name))
                        .map(ReceivedEvent::type)
                        .filter(type -> type.endsWith(".sessions_ended"))
                        .toList());
    }

    @Test
    void theRealmGetsAnotherName() {
        IssuedToken token = events.token("app", "ada");

        ends("realm renamed", token, () -> change(realm -> realm.setRealm("renamed-" + events.name)));
    }
}
