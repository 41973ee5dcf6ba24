package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.EventRepresentation;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.representations.userprofile.config.UPConfig;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

@KeycloakIntegrationTest(config = PackagedProviders.class)
class RegisterIT extends AuthApiInAServer {

    @Test
    void aUserNameAndAPasswordMakeAnAccountThatIsSignedIn() {
        Answer answer = api.post("/register", "{\"username\":\"bob\",\"password\":\"correct horse battery\"}");
        assertEquals(201, answer.status());
        assertEquals("bob", answer.text("username"));
        assertFalse(answer.json().path("verification_required").asBoolean());
        assertEquals("no-store", answer.header("cache-control"));
        Answer me = api.get("/me", AuthApi.bearer(answer));
        assertEquals(answer.text("user_id"), me.text("user_id"));
        assertEquals(200, api.refresh(answer.text("refresh_token")).status());
    }

    @Test
    void theProfileIsKeptAsItWasEntered() {
        Answer answer = api.post("/register", """
                {"username":"zoë","email":"zoe+perch@perch.example","password":"correct horse battery",
                 "first_name":"Zoë","last_name":"日本 O'Hara","phone_number":"+493023125000"}""");
        assertEquals(201, answer.status());
        Answer me = api.get("/me", AuthApi.bearer(answer));
        assertEquals("zoe+perch@perch.example", me.text("email"));
        assertEquals("Zoë", me.text("first_name"));
        assertEquals("日本 O'Hara", me.text("last_name"));
        assertEquals("+493023125000", me.text("phone_number"));
    }

    @Test
    void anAddressAloneIsTheUserNameToo() {
        Answer answer =
                api.post("/register", "{\"email\":\"bob@perch.example\",\"password\":\"correct horse battery\"}");
        assertEquals(201, answer.status());
        assertEquals("bob@perch.example", answer.text("username"));
    }

    @Test
    void oneAnswerHasTheErrorsOfAllFields() {
        Answer answer = api.post(
                "/register",
                "{\"username\":\"b\",\"email\":\"x\",\"password\":\"short\",\"phone_number\":\"123\",\"age\":3}");
        assertEquals(400, answer.status());
        assertEquals("invalid_request", answer.error());
        assertEquals("urn:perch:problem:invalid-request", answer.text("type"));
        assertEquals(List.of("/age", "/email", "/password", "/phone_number", "/username"), answer.pointers());
        assertEquals(
                "invalid_registration", realm.events("REGISTER_ERROR").get(0).getError());
    }

    @Test
    void missingFieldsAreNamed() {
        assertEquals(
                List.of("/password", "/username"), api.post("/register", "{}").pointers());
    }

    @Test
    void aTakenNameOrAddressIsAConflict() {
        realm.user("alice");
        Answer name = api.post("/register", "{\"username\":\"ALICE\",\"password\":\"correct horse battery\"}");
        assertEquals(409, name.status());
        assertEquals(List.of("/username"), name.pointers());
        assertEquals("username_in_use", realm.events("REGISTER_ERROR").get(0).getError());
        Answer address =
                api.post("/register", "{\"email\":\"alice@perch.example\",\"password\":\"correct horse battery\"}");
        assertEquals(409, address.status());
        assertEquals(List.of("/email"), address.pointers());
        assertEquals("already_taken", address.error());
    }

    @Test
    void onlyOneOfSimultaneousRegistrationsWithOneNameSucceeds() {
        List<Integer> statuses = IntStream.range(0, 8)
                .parallel()
                .map(i -> api.post("/register", "{\"username\":\"race\",\"password\":\"correct horse battery\"}")
                        .status())
                .sorted()
                .boxed()
                .toList();
        assertEquals(201, statuses.get(0));
        assertTrue(statuses.subList(1, 8).stream().allMatch(status -> status == 409), statuses::toString);
    }

    @Test
    void anAdministratorsTextIsShownUnchanged() {
        UPConfig profile = realm.admin().users().userProfile().getConfiguration();
        String text = "Use 3-8 letters, don't use others: [a-z]{3,8}";
        profile.getAttribute("firstName")
                .setValidations(Map.of("pattern", Map.of("pattern", "[a-z]{3,8}", "error-message", text)));
        realm.admin().users().userProfile().update(profile);
        Answer answer = api.post(
                "/register", "{\"username\":\"bob\",\"password\":\"correct horse battery\",\"first_name\":\"X1\"}");
        assertEquals(400, answer.status());
        assertEquals(text, answer.json().path("errors").path(0).path("detail").asText());
    }

    @Test
    void aUserNameThatIsNullOrEmptyCountsAsAbsent() {
        for (String nothing : List.of("null", "\"\"")) {
            String email = "bob" + nothing.length() + "@perch.example";
            Answer answer = api.post(
                    "/register",
                    "{\"username\":%s,\"first_name\":%s,\"email\":\"%s\",\"password\":\"correct horse battery\"}"
                            .formatted(nothing, nothing, email));
            assertEquals(201, answer.status(), answer::body);
            assertEquals(email, answer.text("username"));
        }
    }

    @Test
    void theEventIsTheSameAsThatOfThePage() {
        api.post("/register", "{\"username\":\"bob\",\"password\":\"correct horse battery\"}");
        EventRepresentation event = realm.events("REGISTER").get(0);
        assertEquals("cli", event.getClientId());
        assertEquals("bob", event.getDetails().get("username"));
        assertEquals("auth-api", event.getDetails().get("register_method"));
        assertEquals("bob", realm.events("LOGIN").get(0).getDetails().get("username"));
    }

    @Test
    void aUserWithARequiredActionGetsAnAccountAndNoTokens() {
        var terms = realm.admin().flows().getRequiredAction("UPDATE_PROFILE");
        terms.setDefaultAction(true);
        realm.admin().flows().updateRequiredAction("UPDATE_PROFILE", terms);
        Answer answer = api.post("/register", "{\"username\":\"bob\",\"password\":\"correct horse battery\"}");
        assertEquals(201, answer.status());
        assertFalse(answer.json().has("access_token"));
        assertEquals("action_required", api.login("bob", AuthApiRealm.PASSWORD).error());
    }

    @Test
    void aRealmWithoutRegistrationRefuses() {
        realm.change(settings -> settings.setRegistrationAllowed(false));
        Answer answer = api.post("/register", "{\"username\":\"bob\",\"password\":\"correct horse battery\"}");
        assertEquals(403, answer.status());
        assertEquals("forbidden", answer.error());
    }

    @Test
    void aClientWithoutDirectGrantsRegistersNobody() {
        Answer answer = api.post(
                "/register",
                "{\"username\":\"bob\",\"password\":\"correct horse battery\",\"client_id\":\"no-passwords\"}");
        assertEquals("unauthorized_client", answer.error());
        assertEquals(List.of(), realm.admin().users().search("bob", true));
    }

    @Test
    void longPasswordsAreComparedCompletely() {
        String password = "x".repeat(100);
        assertEquals(
                201,
                api.post("/register", "{\"username\":\"bob\",\"password\":\"" + password + "\"}")
                        .status());
        assertEquals(401, api.login("bob", password.substring(1)).status());
        assertEquals(200, api.login("bob", password).status());
    }

    @Test
    void aRealmWithoutTheApiHasNoSuchPath() {
        realm.change(settings -> settings.getAttributes().put(Settings.ENABLED, "false"));
        assertEquals(404, api.post("/register", "{}").status());
        realm.change(
                settings -> settings.setAttributes(Map.of(Settings.ENABLED, "false", Settings.DEFAULT_CLIENT, "")));
        assertEquals("not_found", api.get("/openapi.json").error());
    }

    @Test
    void aFieldThatTheRealmDoesNotHaveIsRefusedAndNotIgnored() {
        var profile = realm.admin().users().userProfile().getConfiguration();
        profile.removeAttribute("phone_number");
        realm.admin().users().userProfile().update(profile);
        Answer answer = api.post(
                "/register",
                "{\"username\":\"bob\",\"password\":\"correct horse battery\",\"phone_number\":\"+493023125000\"}");
        assertEquals(List.of("/phone_number"), answer.pointers());
    }

    @Test
    void aUserOfTheApiIsAUserOfKeycloak() {
        api.post("/register", "{\"username\":\"bob\",\"password\":\"correct horse battery\"}");
        UserRepresentation user = realm.admin().users().search("bob", true).get(0);
        assertTrue(user.isEnabled());
        assertFalse(user.isEmailVerified());
    }

    @Test
    void aUserNameThatIsAnotherAddressIsRefused() {
        Answer answer =
                api.post("/register", "{\"username\":\"victim@perch.example\",\"password\":\"correct horse battery\"}");
        assertEquals(400, answer.status());
        assertEquals(List.of("/username"), answer.pointers());
        assertEquals(
                List.of("/username"),
                api.post(
                                "/register",
                                "{\"username\":\"victim@perch.example\",\"email\":\"bob@perch.example\",\"password\":\"correct horse battery\"}")
                        .pointers());
        // With a dotless i: another domain
        assertEquals(
                List.of("/username"),
                api.post(
                                "/register",
                                "{\"username\":\"victim@\u0131n.example\",\"email\":\"victim@in.example\",\"password\":\"correct horse battery\"}")
                        .pointers());
        assertEquals(
                201,
                api.post(
                                "/register",
                                "{\"username\":\"Bob@perch.example\",\"email\":\"bob@perch.example\",\"password\":\"correct horse battery\"}")
                        .status());
    }

    @Test
    void tooManyRegistrationsFromANetworkAreRefused() {
        realm.user("alice");
        String[] alice = AuthApi.bearer(api.login("alice", AuthApiRealm.PASSWORD));
        for (int i = 0; i < 30; i++) {
            assertEquals(
                    409,
                    api.post("/register", "{\"username\":\"alice\",\"password\":\"correct horse battery\"}")
                            .status());
        }
        Answer answer = api.post(
                "/register",
                "{\"username\":\"alice\",\"password\":\"correct horse battery\"}",
                "X-Forwarded-For",
                "203.0.113.7");
        assertEquals(429, answer.status());
        assertEquals("too_many_requests", answer.error());
        int wait = Integer.parseInt(answer.header("retry-after"));
        assertTrue(wait > 0 && wait <= 3600, answer::toString);
        assertEquals("slow_down", realm.events("REGISTER_ERROR").get(0).getError());
        assertEquals(200, api.login("alice", AuthApiRealm.PASSWORD).status());
        assertEquals(
                200,
                api.put("/me", "{\"email\":\"bob@perch.example\"}", alice).status(),
                "what strangers spend is not taken from a user");
    }

    @Test
    void tooManyChangesOfAnAddressAreRefused() {
        realm.user("alice");
        realm.user("mona");
        String[] alice = AuthApi.bearer(api.login("alice", AuthApiRealm.PASSWORD));
        for (int i = 0; i < 30; i++) {
            assertEquals(
                    409,
                    api.put("/me", "{\"email\":\"mona@perch.example\"}", alice).status());
        }
        Answer answer = api.put("/me", "{\"email\":\"bob@perch.example\"}", alice);
        assertEquals("too_many_requests", answer.error());
        assertEquals(200, api.put("/me", "{\"first_name\":\"Alice\"}", alice).status());
        assertEquals(
                201,
                api.post("/register", "{\"username\":\"bob\",\"password\":\"correct horse battery\"}")
                        .status());
    }
}
