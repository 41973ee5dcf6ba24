package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.Totp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.EventRepresentation;
import org.keycloak.representations.userprofile.config.UPConfig;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** Authenticators and required actions of another extension, which describes their steps. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class ForeignStepIT extends FirstPartyInAServer {

    private static final String NUMBER = "471100";

    @BeforeEach
    void keepAttributesOfUsers() {
        UPConfig profile = realm.admin().users().userProfile().getConfiguration();
        profile.setUnmanagedAttributePolicy(UPConfig.UnmanagedAttributePolicy.ENABLED);
        realm.admin().users().userProfile().update(profile);
        realm.browserFlow(TestFlows.MEMBERS);
    }

    private String member(String name, String... requiredActions) {
        return realm.user(name, user -> {
            user.setAttributes(Map.of("member_number", List.of(NUMBER)));
            user.setRequiredActions(List.of(requiredActions));
        });
    }

    @Test
    void aUserSignsInThroughAnAuthenticatorAndARequiredActionOfAnotherExtension() {
        realm.registerAction("choose-newsletter");
        String ada = member("ada", "choose-newsletter");
        AppAnswer number = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("member_number", number.step(), number.body());
        assertEquals(List.of("member_number"), challenge(number, "fields"));
        assertEquals(6, number.json().path("challenge").path("digits").asInt());
        assertFalse(number.failed());
        AppAnswer newsletter = app.step(number, "member_number", NUMBER);
        assertEquals("newsletter", newsletter.step(), newsletter.body());
        assertEquals(List.of("none", "weekly"), challenge(newsletter, "newsletters"));
        assertFalse(newsletter.failed());
        assertTrue(app.step(newsletter, "newsletter", "weekly").isDone());
        assertEquals(
                List.of("weekly"),
                realm.admin()
                        .users()
                        .get(ada)
                        .toRepresentation()
                        .getAttributes()
                        .get("newsletter"));
    }

    @Test
    void aWrongEntryFailsAndTheStepIsAskedForAgain() {
        realm.registerAction("choose-newsletter");
        member("ada", "choose-newsletter");
        AppAnswer wrong = app.step(app.signIn("ada", FirstPartyRealm.PASSWORD), "member_number", "1");
        assertEquals(403, wrong.status());
        assertEquals("member_number", wrong.step(), wrong.body());
        assertTrue(wrong.failed());
        assertFalse(wrong.body().contains("wrongMemberNumber"), wrong.body());
        AppAnswer newsletter = app.step(wrong, "member_number", NUMBER);
        AppAnswer unknown = app.step(newsletter, "newsletter", "hourly");
        assertEquals("newsletter", unknown.step(), unknown.body());
        assertTrue(unknown.failed());
        assertTrue(app.step(unknown, "newsletter", "none").isDone());
    }

    @Test
    void anIncompleteEntryIsRefusedAndTheStepStillWaits() {
        member("ada");
        AppAnswer number = app.signIn("ada", FirstPartyRealm.PASSWORD);
        for (String[] entry : List.of(
                new String[] {},
                new String[] {"member_number", ""},
                new String[] {"number", NUMBER},
                new String[] {"member_number", "4711\u000000"},
                new String[] {"otp", "123456"})) {
            AppAnswer refused = app.step(number, entry);
            assertEquals(400, refused.status(), refused.body());
            assertEquals("invalid_request", refused.error());
        }
        assertTrue(app.step(number, "member_number", NUMBER).isDone());
    }

    @Test
    void noParameterOfKeycloaksPagesComesFromAClient() {
        member("ada");
        AppAnswer number = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertTrue(app.step(number, "member_number", NUMBER, "tryAnotherWay", "on", "cancel", "on")
                .isDone());
    }

    @Test
    void itMayTakeThePlaceOfABuiltInStepAndTheOtherWayRound() {
        realm.user("ada", user -> {
            user.setAttributes(Map.of("member_number", List.of(NUMBER)));
            List<CredentialRepresentation> credentials = new ArrayList<>(user.getCredentials());
            credentials.add(Totp.credential());
            user.setCredentials(credentials);
        });
        // Keycloak prefers a credential
        AppAnswer otp = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("otp", otp.step(), otp.body());
        assertEquals(List.of("member_number"), challenge(otp, "alternatives"));
        AppAnswer number = app.step(otp, "alternative", "member_number");
        assertEquals("member_number", number.step(), number.body());
        assertEquals(List.of("otp"), challenge(number, "alternatives"));
        AppAnswer back = app.step(number, "alternative", "otp");
        AppAnswer again = app.step(back, "alternative", "member_number");
        assertTrue(app.step(again, "member_number", NUMBER).isDone());
    }

    @Test
    void whatNobodyDescribesNeedsABrowser() {
        realm.registerAction("choose-newsletter");
        realm.registerAction("choose-newsletter-undescribed");
        member("ada", "choose-newsletter", "choose-newsletter-undescribed");
        AppAnswer web = app.step(app.signIn("ada", FirstPartyRealm.PASSWORD), "member_number", NUMBER);
        assertEquals(403, web.status());
        assertEquals("redirect_to_web", web.error(), web.body());
        assertEquals(
                List.of("choose-newsletter", "choose-newsletter-undescribed"),
                web.list(web.json().path("required_actions")));
        realm.browserFlow(TestFlows.UNDESCRIBED);
        AppAnswer undescribed = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("redirect_to_web", undescribed.error(), undescribed.body());
    }

    @Test
    void anExceptionInADescriptionIsAFaultOfTheServerAndShowsNothing() {
        realm.browserFlow(TestFlows.FAULTY);
        member("ada");
        AppAnswer faulty = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals("faulty", faulty.step(), faulty.body());
        AppAnswer failed = app.step(faulty, "faulty", "secret");
        assertEquals(500, failed.status(), failed.body());
        assertEquals("server_error", failed.error());
        assertTrue(failed.text("error_description").startsWith("urn:uuid:"), failed.body());
        assertFalse(failed.body().contains("secret"), failed.body());
        List<EventRepresentation> events = realm.events("LOGIN_ERROR");
        assertEquals(1, events.size());
        assertEquals("first_party_error", events.get(0).getError());
        assertEquals(FirstPartyRealm.APP, events.get(0).getClientId());
        assertEquals(
                failed.text("error_description"), events.get(0).getDetails().get("instance"));
    }

    @Test
    void aPageThatDoesNotSayThatAnEntryWasWrongTakesTenOfThem() {
        realm.browserFlow(TestFlows.SILENT);
        member("ada");
        AppAnswer answer = app.signIn("ada", FirstPartyRealm.PASSWORD);
        for (int i = 0; i < 9; i++) {
            answer = app.step(answer, "silent_number", "1");
            assertEquals("silent", answer.step(), answer.body());
            assertFalse(answer.failed());
        }
        AppAnswer tenth = app.step(answer, "silent_number", "1");
        assertEquals("invalid_session", tenth.error(), tenth.body());
        AppAnswer fresh = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertTrue(app.step(fresh, "silent_number", NUMBER).isDone());
    }

    @Test
    void aFieldThatThePageDoesNotAskForIsNotTaken() {
        realm.browserFlow(TestFlows.SILENT);
        member("ada");
        AppAnswer number = app.signIn("ada", FirstPartyRealm.PASSWORD);
        assertEquals(List.of("silent_number"), challenge(number, "fields"));
        assertEquals("invalid_request", app.step(number, "silent_skip", "true").error());
        AppAnswer both = app.step(number, "silent_number", "1", "silent_skip", "true");
        assertEquals("silent", both.step(), both.body());
        AppAnswer first = app.start(
                "username", "ada", "password", FirstPartyRealm.PASSWORD, "silent_skip", "true", "silent_number", "1");
        assertEquals("silent", first.step(), first.body());
    }

    @Test
    void itsFieldsAreKeptOutOfAuthorizationRequests() {
        member("ada");
        AppAnswer number =
                app.step(app.start("member_number", "000000"), "username", "ada", "password", FirstPartyRealm.PASSWORD);
        assertEquals("member_number", number.step(), number.body());
        assertFalse(number.failed());
    }

    private static List<String> challenge(AppAnswer answer, String member) {
        JsonNode array = answer.json().path("challenge").path(member);
        return answer.list(array);
    }
}
