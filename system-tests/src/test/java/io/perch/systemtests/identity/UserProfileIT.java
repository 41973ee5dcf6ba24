package io.perch.systemtests.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Browser;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.Pkce;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The attributes of a user and their valid values. */
class UserProfileIT extends IdentityTest {

    UserProfileIT(PerchSystem system) {
        super(system);
    }

    @Test
    void aUserNeedsNeitherEmailNorNameNorPhoneNumber() {
        assertThat(create(Map.of()).status()).isEqualTo(201);
    }

    @Test
    void aValidPhoneNumberIsAccepted() {
        assertThat(create(Map.of("phone_number", List.of("+4930901820"))).status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"12", "not a number", "+49 1", "+999123456789"})
    void anInvalidPhoneNumberIsRefused(String phoneNumber) {
        var answer = create(Map.of("phone_number", List.of(phoneNumber)));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("phone_number");
    }

    @Test
    void anUnknownAttributeIsNotStored() {
        var answer = create(Map.of("favourite_colour", List.of("green"), "phone_number", List.of("+4930901820")));

        var attributes = admin.get("/users/" + KeycloakAdmin.created(answer)).path("attributes");
        assertThat(attributes.has("phone_number")).isTrue();
        assertThat(attributes.has("favourite_colour")).isFalse();
    }

    @Test
    void theRegistrationFormHasAPhoneNumber() {
        var request = realm.authorizationRequest(Pkce.random());
        request.put("prompt", "create");

        var page = new Browser().get(realm.authorizationEndpoint(request));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("id=\"kc-register-form\"", "name=\"phone_number\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "eleven-char"})
    void aPasswordUnderTwelveCharactersIsRefused(String password) {
        assertThat(createWithPassword(password).status()).isEqualTo(400);
    }

    @Test
    void aLongPasswordIsAccepted() {
        assertThat(createWithPassword("correct horse battery staple ".repeat(4)).status())
                .isEqualTo(201);
    }

    private Answer create(Map<String, ?> attributes) {
        return admin.create(
                "/users", Map.of("username", "test-" + UUID.randomUUID(), "enabled", true, "attributes", attributes));
    }

    private Answer createWithPassword(String password) {
        return admin.create(
                "/users",
                Map.of(
                        "username",
                        "test-" + UUID.randomUUID(),
                        "enabled",
                        true,
                        "credentials",
                        List.of(Map.of("type", "password", "value", password))));
    }
}
