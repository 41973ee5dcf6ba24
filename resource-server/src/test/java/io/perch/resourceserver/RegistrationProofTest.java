package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Verification with a code signs in only if the same client has registered. This also works for clients that do not
 * support it.
 */
@ResourceServerTest
class RegistrationProofTest {

    private static final String VERIFIED = """
            {"access_token": "a.b.c", "token_type": "Bearer", "expires_in": 900, "refresh_token": "r", "scope": "s"}
            """;
    private static final String REGISTERED = """
            {"user_id": "1", "email": "bob@perch.example", "email_verified": false, "verification_required": true,
             "registration_token": "proof.of-it"}
            """;
    private static final String CODE = "{\"email\": \"bob@perch.example\", \"code\": \"123456\"}";

    private final Caller browser;

    @RegisterExtension
    private final AuthApiRecorder keycloak;

    @Autowired
    RegistrationProofTest(Api api, AuthorizationServer server) {
        this.browser = api.withToken(null);
        this.keycloak = new AuthApiRecorder(server);
    }

    @Test
    void theProofIsInACookieThatTheVerificationSends() {
        keycloak.answer(201, REGISTERED);
        Answer registered = browser.post("/balance_hub/auth/register", "{}");
        assertThat(registered.header("Set-Cookie"))
                .startsWith("registration_token=proof.of-it; Path=/; Max-Age=86400; ")
                .contains("HttpOnly", "SameSite=Strict")
                .doesNotContain("Domain");
        assertThat(registered.raw().body()).doesNotContain("registration_token").contains("bob@perch.example");

        keycloak.answer(200, VERIFIED);
        Answer verified = verify(CODE, "registration_token=proof.of-it");
        assertThat(keycloak.last().body().toString())
                .isEqualTo(
                        "{\"email\":\"bob@perch.example\",\"code\":\"123456\",\"registration_token\":\"proof.of-it\"}");
        assertThat(keycloak.last().header("Cookie")).isNull();
        assertThat(verified.raw().body()).isEqualTo("{\"message\":\"The address is verified\"}");
        assertThat(verified.raw().headers().allValues("Set-Cookie"))
                .anyMatch(cookie -> cookie.startsWith("access_token=a.b.c;"))
                .anyMatch(cookie -> cookie.startsWith("registration_token=; Path=/; Max-Age=0;"));
    }

    @Test
    void overTlsTheCookieHasTheHostPrefix() {
        keycloak.answer(200, VERIFIED);

        verify(CODE, "__Host-registration_token=proof.of-it");

        assertThat(keycloak.last().body().path("registration_token").asString()).isEqualTo("proof.of-it");
    }

    @Test
    void aWrongCodeKeepsTheCookie() {
        keycloak.answer(400, "{\"type\": \"urn:perch:problem:invalid-code\", \"title\": \"No\", \"status\": 400}");

        assertThat(verify(CODE, "registration_token=proof").header("Set-Cookie"))
                .isEmpty();
    }

    @Test
    void theProofInTheBodyIsIgnored() {
        verify("{\"code\": \"123456\", \"registration_token\": \"made up\"}", "other=1");

        assertThat(keycloak.last().body().toString()).isEqualTo("{\"code\":\"123456\"}");
    }

    @Test
    void withoutAProofTheAddressIsVerifiedAndThePasswordIsRemoved() {
        keycloak.answer(200, "{\"email_verified\": true}");

        Answer answer = verify(CODE, "other=1");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("message").asString())
                .startsWith("The address is verified. ")
                .contains("choose a new one");
        assertThat(answer.raw().headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    void thePasswordIsAlsoAProof() {
        verify(
                "{\"email\": \"b@perch.example\", \"code\": \"1\", \"password\": \"p\", \"new_password\": \"n\"}",
                "o=1");

        assertThat(keycloak.last().body().propertyNames())
                .containsExactlyInAnyOrder("email", "code", "password", "new_password");
    }

    @Test
    void servicesWithoutCookiesReturnTheProofInTheBody() {
        keycloak.answer(201, REGISTERED);

        for (String path : List.of("/register", "/api/v1/auth/register", "/api/v1/auth/signup")) {
            Answer answer = browser.post(path, "{}");
            assertThat(answer.body().path("registration_token").asString()).isEqualTo("proof.of-it");
            assertThat(answer.header("Set-Cookie")).isEmpty();
        }
    }

    private Answer verify(String body, String cookie) {
        HttpRequest.Builder request = browser.request("/balance_hub/auth/verify-email")
                .header("Content-Type", "application/json")
                .header("Cookie", cookie)
                .POST(BodyPublishers.ofString(body));
        return browser.send(request);
    }
}
