package io.perch.keycloak.outbox;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.keycloak.admin.client.resource.ClientResource;
import org.keycloak.representations.idm.ClientRepresentation;

/** Tokens end because of their client: its not-before is set, or it is disabled, deleted or renamed. */
class DisabledClientsIT extends EndedTokensInAServer {

    @Test
    void tokensOfAClientThatAreTooOldEnd() {
        IssuedToken token = events.token("app", "ada");
        IssuedToken elsewhere = events.token("other", "ada");

        ends("not-before of a client", token, () -> change("app", client -> client.setNotBefore(inASecond())));

        goesOn(elsewhere);
    }

    @Test
    void aClientIsDisabled() {
        IssuedToken token = events.token("app", "ada");
        IssuedToken elsewhere = events.token("other", "ada");

        ends("client disabled", token, () -> change("app", client -> client.setEnabled(false)));

        goesOn(elsewhere);
    }

    @Test
    void aClientIsDeleted() {
        IssuedToken token = events.token("app", "ada");

        ends("client deleted", token, () -> client("app").remove());
    }

    @Test
    void aClientGetsAnotherId() {
        IssuedToken token = events.token("app", "ada");

        ends("client renamed", token, () -> change("app", client -> client.setClientId("renamed")));
    }

    @Test
    void anOtherChangeOfAClientEndsNothing() {
        IssuedToken token = events.token("app", "ada");

        change("app", client -> client.setDescription("the app"));

        goesOn(token);
    }

    @Test
    void aChangeOfAClientWithoutItsClientIdEndsNothing() {
        IssuedToken token = events.token("app", "ada");
        ClientRepresentation change = new ClientRepresentation();
        change.setDescription("the app");

        client("app").update(change);

        goesOn(token);
    }

    private void change(String clientId, Consumer<ClientRepresentation> change) {
        ClientResource client = client(clientId);
        ClientRepresentation representation = client.toRepresentation();
        change.accept(representation);
        client.update(representation);
    }

    private ClientResource client(String clientId) {
        return events.realm
                .clients()
                .get(events.realm.clients().findByClientId(clientId).get(0).getId());
    }
}
