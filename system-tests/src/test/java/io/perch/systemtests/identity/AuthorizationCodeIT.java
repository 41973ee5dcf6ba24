package io.perch.systemtests.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Browser;
import io.perch.systemtests.client.PerchRealm;
import io.perch.systemtests.client.Pkce;
import io.perch.systemtests.client.Token;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The authorization code flow: RFC 6749 section 4.1, RFC 7636, RFC 9207. */
class AuthorizationCodeIT extends IdentityTest {

    private final Pkce pkce = Pkce.random();
    private final Map<String, String> request = realm.authorizationRequest(pkce);
    private final Browser browser = new Browser();

    AuthorizationCodeIT(PerchSystem system) {
        super(system);
    }

    @Test
    void aClientGetsTokensAfterASignIn() {
        var back = browser.signIn(realm, request, admin.createUser());

        assertThat(back.location().toString()).startsWith(PerchRealm.REDIRECT_URI + "?");
        assertThat(back.redirectParameters()).containsEntry("state", "state-of-the-test");
        var tokens = redeem(back);
        assertThat(tokens.status()).isEqualTo(200);
        assertThat(Token.read(tokens.field("id_token")).audience()).containsExactly("perch-web");
    }

    @Test
    void theAuthorizationResponseHasTheIssuer() {
        var back = browser.signIn(realm, request, admin.createUser());

        assertThat(back.redirectParameters()).containsEntry("iss", realm.issuer());
    }

    @Test
    void aCodeWorksOnceAndItsSecondUseRevokesItsTokens() {
        var back = browser.signIn(realm, request, admin.createUser());
        var tokens = redeem(back);
        assertThat(realm.userinfo(tokens.field("access_token")).status()).isEqualTo(200);

        var again = redeem(back);

        assertThat(again.status()).isEqualTo(400);
        assertThat(again.field("error")).isEqualTo("invalid_grant");
        assertThat(realm.userinfo(tokens.field("access_token")).status()).isEqualTo(401);
        assertThat(realm.refresh("perch-web", tokens.field("refresh_token")).status())
                .isEqualTo(400);
    }

    @Test
    void aCodeIsValidForAtMostAMinute() {
        assertThat(admin.get("").path("accessCodeLifespan").asInt()).isBetween(1, 60);
    }

    @Test
    void aCodeWithoutItsVerifierIsRefused() {
        var back = browser.signIn(realm, request, admin.createUser());

        var stolen = realm.redeem(back.redirectParameters().getOrDefault("code", ""), Pkce.random());

        assertThat(stolen.status()).isEqualTo(400);
        assertThat(stolen.field("error")).isEqualTo("invalid_grant");
    }

    @Test
    void aClientWithoutPkceIsRefused() {
        request.remove("code_challenge");
        request.remove("code_challenge_method");

        assertThat(refusal().redirectParameters()).containsEntry("error", "invalid_request");
    }

    @Test
    void plainPkceIsRefused() {
        request.put("code_challenge", pkce.verifier());
        request.put("code_challenge_method", "plain");

        assertThat(refusal().redirectParameters()).containsEntry("error", "invalid_request");
    }

    @Test
    void aChallengeWithoutAMethodIsRefused() {
        request.remove("code_challenge_method");

        assertThat(refusal().redirectParameters()).containsEntry("error", "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/callback",
                "%s/",
                "%s?next=x",
                "%s/../other",
                "%s#x",
                "%s.evil.example",
                "%s@evil.example"
            })
    void aRedirectUriThatIsNotRegisteredIsRefused(String redirect) {
        request.put("redirect_uri", redirect.formatted(PerchRealm.REDIRECT_URI));

        var page = browser.get(realm.authorizationEndpoint(request));

        assertThat(page.status()).isEqualTo(400);
        assertThat(page.header("Location")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"token", "id_token", "id_token token", "code token", "code id_token", "code id_token token"})
    void theImplicitAndHybridFlowsAreRefused(String responseType) {
        request.put("response_type", responseType);

        var back = refusal().location().toString();

        assertThat(back).containsAnyOf("error=unauthorized_client", "error=invalid_request");
        assertThat(back).doesNotContain("access_token=", "id_token=", "code=");
    }

    private Answer refusal() {
        var answer = browser.get(realm.authorizationEndpoint(request));
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.location().toString()).startsWith(PerchRealm.REDIRECT_URI);
        return answer;
    }

    private Answer redeem(Answer back) {
        return realm.redeem(back.redirectParameters().getOrDefault("code", ""), pkce);
    }
}
