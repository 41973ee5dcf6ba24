package io.perch.systemtests.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Http;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Clients cannot register without authorization: RFC 7591 section 3. */
class ClientRegistrationIT extends IdentityTest {

    private final Http http = new Http();

    ClientRegistrationIT(PerchSystem system) {
        super(system);
    }

    @Test
    void anonymousRegistrationIsForbidden() {
        var openIdConnect = http.json(
                "POST",
                realm.endpoint("/clients-registrations/openid-connect"),
                Map.of(),
                "{\"redirect_uris\": [\"https://app.example/callback\"]}");
        var keycloak = http.json(
                "POST", realm.endpoint("/clients-registrations/default"), Map.of(), "{\"clientId\": \"mine\"}");

        assertThat(openIdConnect.status()).isEqualTo(403);
        assertThat(keycloak.status()).isEqualTo(403);
    }
}
