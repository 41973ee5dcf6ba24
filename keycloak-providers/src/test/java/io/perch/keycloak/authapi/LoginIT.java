package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.Totp;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.representations.idm.ClientPoliciesRepresentation;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.EventRepresentation;
import org.keycloak.representations.userprofile.config.UPAttributeRequired;
import org.keycloak.representations.userprofile.config.UPConfig;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

@KeycloakIntegrationTest(config = PackagedProviders.class)
class LoginIT extends AuthApiInAServer {

    private static final ExecutorService THREADS = Executors.newFixedThreadPool(40);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"username\":\"alice\"",
                "\"username\":\"alice@perch.example\"",
                "\"email\":\"Alice@perch.example\""
            })
    void aNameOrAnAddressAndThePasswordGiveTokens(String who) {
        String id = realm.user("alice");
        Answer answer = api.post("/login", "{" + who + ",\"password\":\"correct horse battery\"}");
        assertEquals(200, answer.status());
        assertEquals("Bearer", answer.text("token_type"));
        assertTrue(answer.json().path("expires_in").asInt() > 0);
        assertTrue(answer.json().path("refresh_expires_in").asInt() > 0);
        assertEquals("no-store", answer.header("cache-control"));
        EventRepresentation event = realm.events("LOGIN").get(0);
        assertEquals(id, event.getUserId());
        assertEquals("password", event.getDetails().get("grant_type"));
    }

    @Test
    void everyWrongSignInLooksTheSame() {
        String id = realm.user("alice");
        realm.changeUser(realm.user("gone"), user -> user.setEnabled(false));
        Answer wrong = api.login("alice", "wrong");
        assertEquals(401, wrong.status());
        assertEquals("invalid_credentials", wrong.error());
        assertEquals(id, realm.events("LOGIN_ERROR").get(0).getUserId());
        for (Answer other : List.of(
                api.login("nobody", "wrong"),
                api.login("gone", "wrong"),
                api.login("gone", AuthApiRealm.PASSWORD),
                api.login("nobody@perch.example", "wrong"))) {
            assertEquals(wrong.status(), other.status());
            assertEquals(wrong.body(), other.body());
            assertEquals(wrong.headers().map().keySet(), other.headers().map().keySet());
        }
    }

    @Test
    void anUnverifiedAddressIsToldOnlyToWhoKnowsThePassword() {
        realm.change(settings -> settings.setVerifyEmail(true));
        realm.changeUser(realm.user("alice"), user -> user.setEmailVerified(false));
        assertEquals("invalid_credentials", api.login("alice", "wrong").error());
        Answer answer = api.login("alice", AuthApiRealm.PASSWORD);
        assertEquals(403, answer.status());
        assertEquals("email_not_verified", answer.error());
    }

    @Test
    void requiredActionsAreNamed() {
        realm.changeUser(
                realm.user("alice"), user -> user.setRequiredActions(List.of("UPDATE_PASSWORD", "CONFIGURE_TOTP")));
        assertEquals("invalid_credentials", api.login("alice", "wrong").error());
        Answer answer = api.login("alice", AuthApiRealm.PASSWORD);
        assertEquals(403, answer.status());
        assertEquals("action_required", answer.error());
        assertEquals(
                "[\"CONFIGURE_TOTP\",\"UPDATE_PASSWORD\"]",
                answer.json().path("actions").toString());
        assertEquals(
                "resolve_required_actions", realm.events("LOGIN_ERROR").get(0).getError());
    }

    @Test
    void whatTheSignInAloneAsksForIsNamedToo() {
        realm.user("alice");
        UPConfig profile = realm.admin().users().userProfile().getConfiguration();
        profile.getAttribute("phone_number").setRequired(new UPAttributeRequired(Set.of("user"), Set.of()));
        realm.admin().users().userProfile().update(profile);
        Answer answer = api.login("alice", AuthApiRealm.PASSWORD);
        assertEquals(403, answer.status());
        assertEquals("action_required", answer.error());
        assertEquals("[\"VERIFY_PROFILE\"]", answer.json().path("actions").toString());
    }

    @Test
    void severalSignInsAtOnceAllSucceed() {
        realm.user("alice");
        realm.change(settings -> settings.setBruteForceProtected(true));
        List<Integer> statuses = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.supplyAsync(
                        () -> api.login(i % 2 == 0 ? "alice" : "alice@perch.example", AuthApiRealm.PASSWORD)
                                .status(),
                        THREADS))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        assertEquals(Collections.nCopies(6, 200), statuses);
    }

    @Test
    void moreSignInsAtOnceThanWaitAreToldToComeAgain() {
        realm.user("alice");
        realm.change(settings -> settings.setBruteForceProtected(true));
        for (String name : List.of("alice", "nobody")) {
            List<Answer> answers = IntStream.range(0, 40)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> api.login(name, AuthApiRealm.PASSWORD), THREADS))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
            List<Integer> expected = name.equals("alice") ? List.of(200, 503) : List.of(401, 503);
            assertTrue(answers.stream().allMatch(answer -> expected.contains(answer.status())), answers::toString);
            assertTrue(answers.stream()
                    .filter(answer -> answer.status() == 503)
                    .allMatch(answer -> answer.header("retry-after").equals("1")));
        }
    }

    @Test
    void aScopeIsAskedForAsAtTheTokenEndpoint() {
        realm.user("alice");
        String body = "{\"username\":\"alice\",\"password\":\"correct horse battery\",\"scope\":\"%s\"}";
        Answer tokens = api.post("/login", body.formatted("openid"));
        assertEquals(200, tokens.status());
        assertEquals(3, tokens.text("id_token").split("\\.", -1).length);
        assertTrue(List.of(tokens.text("scope").split(" ", -1)).contains("openid"));
        assertFalse(api.login("alice", AuthApiRealm.PASSWORD).json().has("id_token"));
        assertEquals(
                "invalid_scope",
                api.post("/login", body.formatted("no-such-scope")).error());
    }

    @Test
    void aMemberThatIsNullOrEmptyIsAsIfLeftOut() {
        realm.user("alice");
        for (String nothing : List.of("null", "\"\"")) {
            assertEquals(
                    200,
                    api.post(
                                    "/login",
                                    "{\"email\":\"alice@perch.example\",\"username\":%s,\"otp\":%s,\"password\":\"correct horse battery\"}"
                                            .formatted(nothing, nothing))
                            .status());
        }
    }

    @Test
    void aByteOrderMarkBeforeTheJsonIsNoMatter() {
        realm.user("alice");
        assertEquals(
                200,
                api.post("/login", "\uFEFF{\"username\":\"alice\",\"password\":\"correct horse battery\"}")
                        .status());
    }

    @Test
    void aSignInThatFailsAtItsLastStepLeavesNoSession() {
        String alice = realm.user("alice");
        ClientRepresentation cli = realm.admin().clients().findByClientId("cli").get(0);
        cli.getAttributes().put("tls.client.certificate.bound.access.tokens", "true");
        realm.admin().clients().get(cli.getId()).update(cli);
        assertEquals(
                "invalid_request", api.login("alice", AuthApiRealm.PASSWORD).error());
        assertEquals(List.of(), realm.admin().users().get(alice).getUserSessions());
    }

    @Test
    void aSecondFactorCounts() {
        realm.user("alice", Totp.credential());
        Answer missing = api.login("alice", AuthApiRealm.PASSWORD);
        assertEquals(403, missing.status());
        assertEquals("otp_required", missing.error());
        assertEquals("invalid_credentials", api.login("alice", "wrong").error());
        assertEquals("invalid_credentials", withOtp("000000").error());
        assertEquals(200, withOtp(Totp.code()).status());
    }

    private Answer withOtp(String code) {
        return api.post(
                "/login", "{\"username\":\"alice\",\"password\":\"correct horse battery\",\"otp\":\"" + code + "\"}");
    }

    @Test
    void anAdminsChangeToTheFlowCounts() {
        realm.user("alice");
        realm.admin().flows().getExecutions("direct grant").stream()
                .filter(execution -> "direct-grant-validate-otp".equals(execution.getProviderId())
                        || "CONDITIONAL".equals(execution.getRequirement()))
                .forEach(execution -> {
                    execution.setRequirement("REQUIRED");
                    realm.admin().flows().updateExecutions("direct grant", execution);
                });
        assertEquals(
                "invalid_credentials", api.login("alice", AuthApiRealm.PASSWORD).error());
    }

    @Test
    void aClientWithoutDirectGrantsIsRefused() {
        realm.user("alice");
        Answer answer = api.post(
                "/login",
                "{\"username\":\"alice\",\"password\":\"correct horse battery\",\"client_id\":\"no-passwords\"}");
        assertEquals(400, answer.status());
        assertEquals("unauthorized_client", answer.error());
    }

    @Test
    void anUnknownClientIsRefused() {
        Answer answer = api.post("/login", "{\"username\":\"a\",\"password\":\"b\",\"client_id\":\"nobody\"}");
        assertEquals(401, answer.status());
        assertEquals("invalid_client", answer.error());
    }

    @Test
    void withoutADefaultClientARequestNamesOne() {
        realm.user("alice");
        realm.change(settings -> {
            settings.getAttributes().put(Settings.ENABLED, "true");
            settings.getAttributes().put(Settings.DEFAULT_CLIENT, "");
        });
        assertEquals("invalid_client", api.login("alice", AuthApiRealm.PASSWORD).error());
        assertEquals(
                200,
                api.post(
                                "/login",
                                "{\"username\":\"alice\",\"password\":\"correct horse battery\",\"client_id\":\"cli\"}")
                        .status());
    }

    @Test
    void aConfidentialClientProvesWhoItIs() {
        realm.user("alice");
        String login = "{\"username\":\"alice\",\"password\":\"correct horse battery\"%s}";
        assertEquals(
                "invalid_client",
                api.post("/login", login.formatted(",\"client_id\":\"confidential\""))
                        .error());
        assertEquals(
                "invalid_client",
                api.post("/login", login.formatted(",\"client_id\":\"confidential\",\"client_secret\":\"wrong\""))
                        .error());
        assertEquals(
                200,
                api.post(
                                "/login",
                                login.formatted(",\"client_id\":\"confidential\",\"client_secret\":\"%s\""
                                        .formatted(AuthApiRealm.SECRET)))
                        .status());
        String basic = Base64.getEncoder()
                .encodeToString(("confidential:" + AuthApiRealm.SECRET).getBytes(StandardCharsets.UTF_8));
        assertEquals(
                200,
                api.post("/login", login.formatted(""), "Authorization", "Basic " + basic)
                        .status());
    }

    @Test
    void aClientPolicyAgainstThePasswordGrantHoldsHereToo() {
        realm.user("alice");
        ClientPolicies.refusePasswords(realm.admin());
        Answer login = api.login("alice", AuthApiRealm.PASSWORD);
        assertFalse(login.status() == 200, login::body);
        Answer register = api.post("/register", "{\"username\":\"bob\",\"password\":\"correct horse battery\"}");
        assertEquals(login.error(), register.error());
        assertEquals(List.of(), realm.admin().users().search("bob", true));
        realm.admin().clientPoliciesPoliciesResource().updatePolicies(new ClientPoliciesRepresentation());
        assertEquals(200, api.login("alice", AuthApiRealm.PASSWORD).status());
    }
}
