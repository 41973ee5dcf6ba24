package io.perch.systemtests.oldroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Http;
import io.perch.systemtests.client.TestUser;
import io.perch.systemtests.client.Token;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Routes ignore unknown fields, as the old services did, even if the auth API supports these fields. */
class UnknownFieldsIT extends OldRoutesTest {

    private static final JsonMapper JSON = new JsonMapper();

    private final TestUser user = admin.createUser();

    UnknownFieldsIT(PerchSystem system) {
        super(system);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/login", "/api/v1/auth/login", "/api/v1/auth/signin"})
    void aSignInAlwaysUsesTheDefaultClient(String route) {
        Answer login = signIn(route);

        assertThat(Token.access(login).claim("azp")).isEqualTo("perch-cli");
    }

    @Test
    void aSignInForACookieAlwaysUsesTheDefaultClient() {
        Token token = Token.read(Cookie.of(signIn("/balance_hub/auth/login")).value());

        assertThat(token.claim("azp")).isEqualTo("perch-cli");
    }

    @Test
    void theFormAlwaysUsesTheDefaultClient() {
        Answer token = new Http()
                .post(
                        URI.create(system.api() + "/token"),
                        Map.of(),
                        Map.of(
                                "grant_type", "password",
                                "client_id", "perch-web",
                                "username", user.username(),
                                "password", user.password(),
                                "remember_me", "true"));

        assertThat(Token.access(token).claim("azp")).isEqualTo("perch-cli");
    }

    @Test
    void aChangeOfTheAccountCannotAddARole() {
        JwtAuthenticationClient client = new JwtAuthenticationClient(system.api());
        assertStatus(client.login(user.username(), user.password()), 200);

        Answer changed = client.updateMe(Map.of("first_name", "Ada", "role", "admin", "is_superuser", "true"));

        assertStatus(changed, 200);
        assertThat(Token.access(client.login(user.username(), user.password())).realmRoles())
                .doesNotContain("admin");
    }

    private Answer signIn(String route) {
        var body = new HashMap<String, Object>();
        body.put("username", user.username());
        body.put("password", user.password());
        body.put("client_id", "perch-web");
        body.put("grant_type", "client_credentials");
        body.put("remember_me", true);
        body.put("device", Map.of("names", List.of("phone", 5)));
        return new Http().json("POST", URI.create(system.api() + route), Map.of(), JSON.writeValueAsString(body));
    }
}
