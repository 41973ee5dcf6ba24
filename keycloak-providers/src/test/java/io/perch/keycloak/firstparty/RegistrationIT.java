package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.perch.keycloak.DpopKey;
import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.WrongCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.EventRepresentation;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.representations.userprofile.config.UPConfig;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** Users who register in the app ({@code prompt=create}), and what somebody tries with that. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class RegistrationIT extends FirstPartyInAServer {

    @BeforeEach
    void switchRegistrationOn() {
        realm.change(settings -> settings.setRegistrationAllowed(true));
    }

    @Test
    void aNewUserIsSignedIn() {
        AppAnswer form = register();
        assertEquals(403, form.status());
        assertEquals("registration", form.step(), form.body());
        assertFalse(form.failed());
        assertEquals(
                List.of("profile", "password"),
                form.list(form.json().path("challenge").path("fields")));
        for (String name : List.of("username", "email", "firstName", "lastName")) {
            assertTrue(field(form, name).isPresent(), name);
        }
        assertTrue(field(form, "email").orElseThrow().path("required").asBoolean(), form.body());
        AppAnswer done = app.step(form, "profile", profile("wren"), "password", FirstPartyRealm.PASSWORD);
        assertTrue(done.isDone(), done.body());
        AppAnswer tokens = app.redeem(done);
        assertEquals(
                "wren", tokens.claims("access_token").path("preferred_username").asText());
        EventRepresentation registered = realm.events("REGISTER").get(0);
        assertEquals("wren", registered.getDetails().get("username"));
        assertEquals("first-party-apps", registered.getDetails().get("auth_channel"));
        EventRepresentation login = realm.events("LOGIN").get(0);
        assertEquals("wren", login.getDetails().get("username"));
        assertEquals(FirstPartyRealm.APP, login.getClientId());
        assertTrue(app.signIn("wren", FirstPartyRealm.PASSWORD).isDone());
    }

    @Test
    void theAddressIsVerifiedAndThenThePasswordIsChosen() {
        realm.verifyAddressesByCode();
        AppAnswer form = register();
        assertEquals(List.of("profile"), form.list(form.json().path("challenge").path("fields")), form.body());
        AppAnswer code = app.step(form, "profile", profile("wren"));
        assertEquals("email_code", code.step(), code.body());
        assertFalse(code.failed());
        String right = realm.mailedCode(1);
        AppAnswer wrong = app.step(code, "code", WrongCode.otherThan(right));
        assertTrue(wrong.failed(), wrong.body());
        AppAnswer password = app.step(wrong, "code", right);
        assertEquals("new_password", password.step(), password.body());
        AppAnswer done = app.step(password, "new_password", FirstPartyRealm.PASSWORD);
        assertTrue(done.isDone(), done.body());
        assertEquals(200, app.redeem(done).status());
        assertTrue(realm.find("wren").orElseThrow().isEmailVerified());
        assertTrue(app.signIn("wren", FirstPartyRealm.PASSWORD).isDone());
    }

    @Test
    void everyFieldSaysWhatIsWrongWithIt() {
        realm.change(settings -> settings.setPasswordPolicy("length(12)"));
        realm.user("ada");
        AppAnswer form = register();
        AppAnswer wrong =
                app.step(form, "profile", "{\"username\":\"wren\",\"lastName\":\"Wren\"}", "password", "short");
        assertEquals("registration", wrong.step(), wrong.body());
        assertTrue(wrong.failed());
        assertEquals(
                "invalidPasswordMinLengthMessage",
                error(wrong, "password").path("message_key").asText());
        assertEquals(12, error(wrong, "password").path("parameters").path(0).asInt());
        assertFalse(error(wrong, "email").path("message_key").asText().isEmpty(), wrong.body());
        AppAnswer none = app.step(wrong, "profile", profile("wren"));
        assertEquals(
                "missingPasswordMessage",
                error(none, "password").path("message_key").asText());
        // As the pages and the auth API say it; a network can ask so often an hour
        AppAnswer taken = app.step(none, "profile", profile("ada"), "password", FirstPartyRealm.PASSWORD);
        assertEquals(
                "emailExistsMessage", error(taken, "email").path("message_key").asText(), taken.body());
        assertTrue(app.step(taken, "profile", profile("wren"), "password", FirstPartyRealm.PASSWORD)
                .isDone());
    }

    @Test
    void aUserNameThatIsAnotherAddressIsRefused() {
        UPConfig profile = realm.admin().users().userProfile().getConfiguration();
        profile.getAttribute("username").addValidation("username-own-email", Map.of());
        realm.admin().users().userProfile().update(profile);
        AppAnswer refused = app.step(
                register(),
                "profile",
                profile("wren").replace("\"wren\"", "\"victim@perch.example\""),
                "password",
                FirstPartyRealm.PASSWORD);
        assertEquals(
                "error-username-other-email",
                error(refused, "username").path("message_key").asText());
        assertTrue(app.step(
                        refused,
                        "profile",
                        profile("wren").replace("\"wren\"", "\"Wren@perch.example\""),
                        "password",
                        FirstPartyRealm.PASSWORD)
                .isDone());
    }

    @Test
    void termsAreAcceptedWhereTheFormAsksForThem() {
        realm.enableAction("TERMS_AND_CONDITIONS");
        realm.demand("registration", "registration-terms-and-conditions");
        AppAnswer form = register();
        assertEquals(
                List.of("profile", "password", "accepted"),
                form.list(form.json().path("challenge").path("fields")));
        AppAnswer refused =
                app.step(form, "profile", profile("wren"), "password", FirstPartyRealm.PASSWORD, "accepted", "false");
        assertEquals(
                "termsAcceptanceRequired",
                error(refused, "accepted").path("message_key").asText());
        assertTrue(
                app.step(refused, "profile", profile("wren"), "password", FirstPartyRealm.PASSWORD, "accepted", "true")
                        .isDone());
    }

    @Test
    void aCaptchaNeedsABrowserAndMakesNoAccount() {
        realm.demand("registration", "registration-recaptcha-action");
        AppAnswer web = app.start("prompt", "create", "profile", profile("wren"), "password", FirstPartyRealm.PASSWORD);
        assertEquals("redirect_to_web", web.error(), web.body());
        assertTrue(web.json().hasNonNull("request_uri"));
        assertEquals(Optional.empty(), realm.find("wren"));
    }

    @Test
    void registrationThatIsSwitchedOffIsNotStartedAndNotContinued() {
        AppAnswer form = register();
        realm.change(settings -> settings.setRegistrationAllowed(false));
        AppAnswer late = app.step(form, "profile", profile("wren"), "password", FirstPartyRealm.PASSWORD);
        assertEquals("invalid_session", late.error(), late.body());
        AppAnswer off = register();
        assertEquals(400, off.status());
        assertEquals("invalid_request", off.error());
        assertTrue(off.text("error_description").contains("prompt"));
        assertEquals(
                "registration_disabled", realm.events("REGISTER_ERROR").get(0).getError());
        assertEquals(Optional.empty(), realm.find("wren"));
    }

    @Test
    void whoRegistersAnothersAddressIsNotSignedInByItsOwner() {
        realm.verifyAddressesByCode();
        AppAnswer code = app.step(register(), "profile", profile("victim"));
        String right = realm.mailedCode(1);
        String victim = realm.find("victim").orElseThrow().getId();
        // The owner verifies it elsewhere
        realm.changeUser(victim, user -> user.setEmailVerified(true));
        AppAnswer attacker = app.step(code, "code", WrongCode.otherThan(right));
        assertEquals("invalid_session", attacker.error(), attacker.body());
        assertFalse(attacker.json().has("auth_session"));
    }

    @Test
    void aFlowOfAnotherKindIsNotContinued() {
        AppAnswer form = register();
        for (String prompt : List.of("login", "reset_password")) {
            AppAnswer other = app.step(form, "prompt", prompt, "username", "ada", "password", "x");
            assertEquals("invalid_session", other.error(), prompt);
        }
        assertEquals(
                "invalid_request",
                app.step(form, "username", "ada", "password", "x").error());
        realm.user("ada");
        AppAnswer signIn = app.start();
        AppAnswer mixed = app.step(signIn, "prompt", "create", "username", "ada", "password", FirstPartyRealm.PASSWORD);
        assertEquals("invalid_session", mixed.error());
        assertEquals(
                "invalid_request", app.step(signIn, "profile", profile("wren")).error());
        assertTrue(app.step(signIn, "username", "ada", "password", FirstPartyRealm.PASSWORD)
                .isDone());
        assertTrue(app.step(form, "prompt", "create", "profile", profile("wren"), "password", FirstPartyRealm.PASSWORD)
                .isDone());
        assertEquals("invalid_request", app.start("prompt", "create login").error());
    }

    @Test
    void noStepOfARegistrationIsSkippedOrRepeated() {
        realm.verifyAddressesByCode();
        AppAnswer form = register();
        assertEquals("invalid_request", app.step(form, "code", "123456").error());
        assertEquals(
                "invalid_request",
                app.step(form, "new_password", FirstPartyRealm.PASSWORD).error());
        AppAnswer code = app.step(form, "profile", profile("wren"), "new_password", FirstPartyRealm.PASSWORD);
        assertEquals("email_code", code.step(), code.body());
        assertEquals(
                "invalid_session", app.step(form, "profile", profile("bird")).error());
        assertEquals(
                "invalid_request", app.step(code, "profile", profile("bird")).error());
        assertEquals(
                "invalid_request",
                app.step(code, "new_password", FirstPartyRealm.PASSWORD).error());
        assertEquals(Optional.empty(), realm.find("bird"));
    }

    @Test
    void onlyFieldsOfTheProfileAreTaken() {
        for (String wrong : List.of(
                "nonsense",
                "[]",
                "{\"username\":1}",
                "{\"username\":\"wren\",\"enabled\":\"true\"}",
                "{\"username\":\"wren\",\"emailVerified\":\"true\"}",
                "{\"username\":\"wren\",\"password\":\"x\"}",
                "{\"username\":null}",
                "{\"username\":\"a\\u0000b\"}",
                "{\"username\":[\"wren\",\"a\\u001bb\"]}",
                "{\"lastName\":\"\\ud800\"}",
                "{\"username\":\"wren\",\"termsAccepted\":\"on\"}")) {
            assertEquals(
                    "invalid_request", app.step(register(), "profile", wrong).error(), wrong);
        }
        assertEquals(
                "invalid_request",
                app.step(register(), "password", FirstPartyRealm.PASSWORD).error());
    }

    @Test
    void everyStepOfARegistrationNeedsTheKeyOfItsFirstRequest() {
        realm.verifyAddressesByCode();
        FirstPartyApp bound = new FirstPartyApp(realm, FirstPartyRealm.APP, new DpopKey());
        FirstPartyApp thief = new FirstPartyApp(realm, FirstPartyRealm.APP, new DpopKey());
        AppAnswer form = bound.start("prompt", "create");
        assertEquals(
                "invalid_session", thief.step(form, "profile", profile("wren")).error());
        AppAnswer code = bound.step(form, "profile", profile("wren"));
        String right = realm.mailedCode(1);
        assertEquals("invalid_session", app.step(code, "code", right).error());
        AppAnswer password = bound.step(code, "code", right);
        assertEquals(
                "invalid_session",
                thief.step(password, "new_password", FirstPartyRealm.PASSWORD).error());
        AppAnswer done = bound.step(password, "new_password", FirstPartyRealm.PASSWORD);
        assertTrue(done.isDone(), done.body());
        assertEquals(400, thief.redeem(done).status());
    }

    @Test
    void twentyPostsOfOneFormMakeOneAccount() throws InterruptedException, ExecutionException {
        AppAnswer form = register();
        List<AppAnswer> answers = Parallel.call(
                20, () -> app.step(form, "profile", profile("wren"), "password", FirstPartyRealm.PASSWORD));
        assertEquals(1, answers.stream().filter(AppAnswer::isDone).count());
        assertEquals(
                19,
                answers.stream()
                        .filter(answer -> answer.error().equals("invalid_session"))
                        .count());
        assertEquals(1, realm.events("REGISTER").size());
    }

    @Test
    void ofRegistrationsOfOneNameAtOnceOneIsMade() throws InterruptedException, ExecutionException {
        AtomicInteger number = new AtomicInteger();
        List<AppAnswer> forms = List.of(register(), register(), register(), register(), register(), register());
        List<AppAnswer> answers = Parallel.call(
                forms.size(),
                () -> app.step(
                        forms.get(number.getAndIncrement()),
                        "profile",
                        profile("wren"),
                        "password",
                        FirstPartyRealm.PASSWORD));
        assertEquals(1, answers.stream().filter(AppAnswer::isDone).count());
        for (AppAnswer answer : answers) {
            assertTrue(answer.isDone() || answer.failed() || answer.error().equals("invalid_session"), answer.body());
        }
        List<UserRepresentation> made = realm.admin().users().search("wren");
        assertEquals(1, made.size());
    }

    @Test
    void aRegistrationDoesNotReachALevelOfAuthentication() {
        realm.change(settings -> settings.getAttributes().put("acr.loa.map", "{\"silver\":\"1\",\"gold\":\"2\"}"));
        realm.changeClient(FirstPartyRealm.APP, client -> client.getAttributes().put("minimum.acr.value", "gold"));
        AppAnswer web = app.start("prompt", "create", "profile", profile("wren"), "password", FirstPartyRealm.PASSWORD);
        assertEquals("redirect_to_web", web.error(), web.body());
        assertEquals(Optional.empty(), realm.find("wren"));
    }

    @Test
    void whatAnotherActionNeedsABrowserForComesAfterTheAccount() {
        realm.change(settings -> settings.setVerifyEmail(true));
        AppAnswer web = app.step(register(), "profile", profile("wren"));
        assertEquals("redirect_to_web", web.error(), web.body());
        assertEquals(
                List.of("UPDATE_PASSWORD", "VERIFY_EMAIL"), web.list(web.json().path("required_actions")));
        assertTrue(realm.find("wren").isPresent());
    }

    @Test
    void profilesAreCountedForEachNetwork() {
        AppAnswer form = register();
        for (int i = 0; i < 100; i++) {
            assertTrue(app.start("prompt", "create", "profile", "{}").failed());
        }
        AppAnswer tooMany = app.step(form, "profile", profile("wren"), "password", FirstPartyRealm.PASSWORD);
        assertEquals(429, tooMany.status());
        assertEquals(Optional.empty(), realm.find("wren"));
    }

    private AppAnswer register() {
        return app.start("prompt", "create");
    }

    private static String profile(String name) {
        return """
                {"username":"%s","email":"%s@perch.example","firstName":"Ada","lastName":"Wren"}
                """.formatted(name, name);
    }

    private static Optional<JsonNode> field(AppAnswer form, String name) {
        return find(form.json().path("challenge").path("profile"), "name", name);
    }

    private static JsonNode error(AppAnswer answer, String field) {
        return find(answer.json().path("challenge").path("errors"), "field", field)
                .orElseThrow(() -> new AssertionError(answer.body()));
    }

    private static Optional<JsonNode> find(JsonNode array, String member, String value) {
        return StreamSupport.stream(array.spliterator(), false)
                .filter(node -> node.path(member).asText().equals(value))
                .findFirst();
    }
}
