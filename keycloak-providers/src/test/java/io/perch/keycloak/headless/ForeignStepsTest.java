package io.perch.keycloak.headless;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.steps.StepDescription;
import io.perch.keycloak.steps.StepProvider;
import io.perch.keycloak.steps.StepProviderFactory;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.models.KeycloakSession;

/** What the descriptions of other extensions may say. */
class ForeignStepsTest {

    private static final StepDescription PIN = StepDescription.ofAuthenticator("pin-form", "pin")
            .withFields("pin")
            .withDetails("digits")
            .withFormParameters("pin");

    @Test
    void itIsAStepBesideTheBuiltInOnes() {
        Steps steps =
                read(PIN, StepDescription.ofRequiredAction("set-pin", "set_pin").withFields("new_pin"));
        assertEquals("pin", steps.ofAuthenticator("pin-form").orElseThrow().type());
        assertEquals(Optional.empty(), steps.ofAction("pin-form"));
        assertEquals("set_pin", steps.ofAction("set-pin").orElseThrow().type());
        assertEquals("otp", steps.ofAuthenticator("auth-otp-form").orElseThrow().type());
        assertTrue(steps.members().containsAll(List.of("pin", "new_pin", "password", "alternative")));
    }

    @Test
    void withoutAPromiseItCanTellWhoHasAnAccountAndProvesNothing() {
        Steps steps = read(PIN);
        assertTrue(steps.ofAuthenticator("pin-form").orElseThrow().looksUp(new MultivaluedHashMap<>()));
        assertFalse(steps.provesSomething("pin-form"));
        Steps promised = read(PIN.withProof().withoutLookUp());
        assertFalse(promised.ofAuthenticator("pin-form").orElseThrow().looksUp(new MultivaluedHashMap<>()));
        assertTrue(promised.provesSomething("pin-form"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client_id",
                "code",
                "scope",
                "prompt",
                "login_hint",
                "auth_session",
                "alternative",
                "client_secret",
                "authorization_details",
                "kc_action",
                "username",
                "password",
                "otp",
                "resend",
                "profile",
                "credential",
                "accepted",
                "new_password",
                "",
                "two words",
                "1pin",
                "pin-code",
                "pin\u0000"
            })
    void theseAreNoFields(String field) {
        assertRefused(PIN.withFields("pin", field), "field");
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "username", "otp", "terms", "webauthn", "configure_otp", "", "a b", "a.b"})
    void theseAreNoTypes(String type) {
        assertRefused(StepDescription.ofAuthenticator("pin-form", type).withFields("pin"), "type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"type", "fields", "alternatives", "errors", "", "two words"})
    void theseAreNoDetails(String detail) {
        assertRefused(PIN.withDetails(detail), "detail");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authenticationExecution",
                "tryAnotherWay",
                "switchOrganization",
                "cancel",
                "cancel-aia",
                "session_code",
                "kc.org",
                "kc_locale",
                "",
                "two words"
            })
    void theseAreNoFormParameters(String parameter) {
        assertRefused(PIN.withFormParameters("pin", parameter), "form parameter");
    }

    @Test
    void aBuiltInStepIsNotReplaced() {
        assertRefused(StepDescription.ofAuthenticator("auth-otp-form", "pin").withFields("pin"), "auth-otp-form");
        assertRefused(StepDescription.ofRequiredAction("UPDATE_PASSWORD", "pin").withFields("pin"), "UPDATE_PASSWORD");
    }

    @Test
    void anAuthenticatorHasOneDescription() {
        assertRefused("pin-form", PIN, PIN);
    }

    @Test
    void aTypeHasTheSameFieldsEverywhere() {
        StepDescription other = StepDescription.ofRequiredAction("ask-pin", "pin");
        assertTrue(read(PIN, other.withFields("pin")).ofAction("ask-pin").isPresent());
        assertRefused("other fields", PIN, other.withFields("new_pin"));
    }

    @Test
    void aStepHasAFieldAndNamesEachOnce() {
        assertRefused(PIN.withFields(), "no field");
        assertRefused(PIN.withFields("pin", "pin"), "twice");
    }

    @Test
    void everyProblemIsNamedWithItsProvider() {
        String message = refusal(() -> read(PIN.withDetails("type"), PIN.withFormParameters("cancel")));
        String factory = " (" + Factory.class.getName() + ") ";
        assertTrue(message.contains("provider 0" + factory + "has the detail type"), message);
        assertTrue(message.contains("provider 1" + factory + "has the form parameter"), message);
    }

    @Test
    void aDescriptionThatCannotBeReadStopsTheStart() {
        StepProviderFactory broken = new Factory("broken", PIN) {
            @Override
            public StepDescription description() {
                throw new IllegalArgumentException("no");
            }
        };
        String message = refusal(() -> ForeignSteps.of(Steps.BUILT_IN, List.of(broken), any -> true));
        assertTrue(message.contains("broken"), message);
    }

    private static void assertRefused(StepDescription description, String message) {
        assertRefused(message, description);
    }

    private static void assertRefused(String message, StepDescription... descriptions) {
        String refusal = refusal(() -> read(descriptions));
        assertTrue(refusal.contains(message), refusal);
    }

    private static String refusal(Executable start) {
        return String.valueOf(assertThrows(IllegalStateException.class, start).getMessage());
    }

    private static Steps read(StepDescription... descriptions) {
        List<StepProviderFactory> factories = new ArrayList<>();
        for (StepDescription description : descriptions) {
            factories.add(new Factory(Integer.toString(factories.size()), description));
        }
        return ForeignSteps.of(Steps.BUILT_IN, factories, any -> true);
    }

    private static class Factory implements StepProviderFactory {

        private final String id;
        private final StepDescription description;

        Factory(String id, StepDescription description) {
            this.id = id;
            this.description = description;
        }

        @Override
        public StepDescription description() {
            return description;
        }

        @Override
        public StepProvider create(KeycloakSession session) {
            return entry -> Optional.of(Map.of());
        }

        @Override
        public String getId() {
            return id;
        }
    }
}
