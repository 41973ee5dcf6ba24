package io.perch.systemtests.oldroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The JWT authentication service, called as its clients did: sign-in, sign-out and the own account. */
class JwtAuthenticationServiceIT extends OldRoutesTest {

    private static final String PHONE = "+493023125000";

    private final JwtAuthenticationClient client;
    private final TestUser user = admin.createUser();

    JwtAuthenticationServiceIT(PerchSystem system) {
        super(system);
        this.client = new JwtAuthenticationClient(system.api());
    }

    @Test
    void aUserRegistersVerifiesSignsInRefreshesAndSignsOut() {
        String username = newName();
        String email = username + "@perch.example";
        String password = newPassword();
        Answer registered = client.register(email, username, password);
        assertStatus(registered, 201);
        assertThat(registered.field("username")).isEqualTo(username);
        assertThat(registered.json().path("is_verified").asBoolean(true)).isFalse();
        assertThat(registered.json().has("access_token")).isFalse();
        assertProblem(client.login(username, password), 403);

        verify(email, password);
        Answer login = client.login(username, password);
        assertStatus(login, 200);
        Answer refreshed = client.refresh(login.field("refresh_token"));
        assertStatus(refreshed, 200);
        assertThat(refreshed.field("access_token")).isNotBlank().isNotEqualTo(login.field("access_token"));
        assertThat(client.me().json().path("is_verified").asBoolean()).isTrue();

        assertMessage(client.logout(refreshed.field("refresh_token")));
        awaitEnd(refreshed.field("access_token"));
        assertProblem(client.me(), 401);
    }

    @Test
    void aRefreshTokenWorksOnce() {
        String first = signIn().field("refresh_token");
        assertStatus(client.refresh(first), 200);

        assertProblem(client.refresh(first), 400);
    }

    @Test
    void aSignOutNeedsOnlyTheAccessToken() {
        Answer login = signIn();

        assertMessage(client.logout());

        awaitEnd(login.field("access_token"));
        assertProblem(client.refresh(login.field("refresh_token")), 400);
    }

    @Test
    void aUserCanSignInAgainWithAnEndedTokenInTheHeader() {
        Answer login = signIn();
        assertMessage(client.logout());
        awaitEnd(login.field("access_token"));

        signIn();
        assertStatus(client.me(), 200);
    }

    @Test
    void aUserReadsAndChangesTheOwnAccount() {
        signIn();
        JsonNode before = client.me().json();
        assertThat(before.path("id").asString()).isEqualTo(user.id());
        assertThat(before.path("email").asString()).isEqualTo(addressOf(user));
        assertThat(before.has("phone")).isFalse();

        Answer changed = client.updateMe(Map.of("first_name", "Ada", "phone", PHONE));

        assertStatus(changed, 200);
        JsonNode after = client.me().json();
        assertThat(after).isEqualTo(changed.json());
        assertThat(after.path("first_name").asString()).isEqualTo("Ada");
        assertThat(after.path("phone").asString()).isEqualTo(PHONE);
        assertThat(after.has("phone_number")).isFalse();
        assertThat(after.path("username").asString()).isEqualTo(user.username());
    }

    @Test
    void accountRoutesNeedAToken() {
        assertProblem(client.me(), 401);
        assertProblem(client.updateMe(Map.of("first_name", "Ada")), 401);
        assertProblem(client.changePassword(user.password(), newPassword()), 401);
        assertProblem(client.users(""), 401);
    }

    @Test
    void anAdministratorListsUsers() {
        admin.grant(user, "admin");
        String token = signIn().field("access_token");

        JsonNode found = client.users("?search=" + user.username()).json();
        assertThat(found.isArray()).isTrue();
        assertThat(found).hasSize(1);
        JsonNode known = found.get(0);
        assertThat(known.path("id").asString()).isEqualTo(user.id());
        assertThat(known.path("is_active").asBoolean()).isTrue();
        assertThat(known.path("is_verified").asBoolean()).isTrue();
        assertThat(known.path("created_at").asString()).isNotBlank();
        JsonNode first = client.users("?skip=0&limit=1").json();
        JsonNode second = client.users("?skip=1&limit=1").json();
        assertThat(first).hasSize(1);
        assertThat(second).hasSize(1).isNotEqualTo(first);
        assertThat(PerchApi.withToken(system, token)
                        .get("/api/v1/users?search=" + user.username())
                        .json())
                .isEqualTo(found);
    }

    @Test
    void aUserMayNotListUsers() {
        String token = signIn().field("access_token");

        assertProblem(client.users(""), 403);
        assertProblem(PerchApi.withToken(system, token).get("/api/v1/users"), 403);
    }

    @Test
    void informationAndHealthArePublic() {
        assertStatus(client.information(), 200);
        assertStatus(client.health(), 200);
    }

    private Answer signIn() {
        Answer login = client.login(user.username(), user.password());
        assertStatus(login, 200);
        return login;
    }
}
