package io.perch.keycloak.headless;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.steps.StepDescription;
import io.perch.keycloak.steps.StepProvider;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.keycloak.models.KeycloakSession;
import org.keycloak.sessions.AuthenticationSessionModel;

/** What the code of another extension may answer. */
class ForeignStepTest {

    private static final StepDescription PIN = StepDescription.ofAuthenticator("pin-form", "pin")
            .withFields("pin", "device")
            .withDetails("hint")
            .withFormParameters("code");

    private static final Step STEP = ForeignStep.of("pin-form", PIN);

    @Test
    void itSeesItsFieldsOnlyAndNoEmptyOne() {
        StepContext context = context(new Answers(Map.of(), Map.of("code", "1"), true) {
            @Override
            public Optional<Map<String, String>> form(Map<String, String> entry) {
                assertEquals(Map.of("pin", "1"), entry);
                return super.form(entry);
            }
        });
        Entry entry = new Entry(Map.of("pin", "1", "device", "", "client_id", "app", "otp", "2"));
        assertEquals(
                Map.of("code", List.of("1")), STEP.form().of(context, entry).orElseThrow());
    }

    @Test
    void aFormHasDescribedParametersOnly() {
        StepContext context = context(new Answers(Map.of(), Map.of("code", "1", "tryAnotherWay", "on"), true));
        Exception e =
                assertThrows(IllegalStateException.class, () -> STEP.form().of(context, new Entry(Map.of("pin", "1"))));
        assertTrue(String.valueOf(e.getMessage()).contains("tryAnotherWay"), e.getMessage());
    }

    @Test
    void aChallengeHasDescribedDetailsOnly() {
        assertThrows(IllegalStateException.class, () -> details(Map.of("hint", "x", "type", "otp")));
        assertEquals(Map.of("hint", "x"), details(Map.of("hint", "x")));
    }

    @Test
    void aNameThatIsMissingIsAFaultOfItsOwn() {
        Map<String, Object> nameless = new HashMap<>();
        nameless.put(null, "x");
        assertThrows(IllegalStateException.class, () -> details(nameless));
    }

    @Test
    void detailsAreJson() {
        Object all = Map.of("a", List.of(1, 2L, 0.5, new BigDecimal("1.5"), true, "x"), "b", Map.of());
        assertEquals(Map.of("hint", all), details(Map.of("hint", all)));
        for (Object wrong : List.of(new Object(), Optional.of("x"), Double.NaN, List.of(PIN), Map.of(1, "x"))) {
            assertThrows(IllegalStateException.class, () -> details(Map.of("hint", wrong)), wrong.toString());
        }
    }

    @Test
    void aPageMayAskForSomeFieldsOrForNone() {
        assertEquals(List.of("pin", "device"), STEP.fields(context(new Answers(Map.of(), Map.of(), true))));
        assertEquals(List.of(), STEP.fields(context(new Answers(Map.of(), Map.of(), false))));
    }

    @Test
    void codeForAnotherVersionIsAFaultOfItsOwn() {
        StepContext context = context(new Answers(Map.of(), Map.of(), true) {
            @Override
            public Optional<Map<String, String>> form(Map<String, String> entry) {
                throw new NoSuchMethodError("gone");
            }
        });
        assertThrows(IllegalStateException.class, () -> STEP.form().of(context, new Entry(Map.of("pin", "1"))));
    }

    private static Map<String, Object> details(Map<String, Object> details) {
        return STEP.details().of(context(new Answers(details, Map.of(), true)));
    }

    private static StepContext context(StepProvider provider) {
        KeycloakSession session = (KeycloakSession) Proxy.newProxyInstance(
                KeycloakSession.class.getClassLoader(),
                new Class<?>[] {KeycloakSession.class},
                (proxy, method, arguments) -> method.getName().equals("getProvider") ? provider : null);
        AuthenticationSessionModel login = (AuthenticationSessionModel) Proxy.newProxyInstance(
                AuthenticationSessionModel.class.getClassLoader(),
                new Class<?>[] {AuthenticationSessionModel.class},
                (proxy, method, arguments) -> null);
        return new StepContext(session, login, Map.of(), List.of());
    }

    private static class Answers implements StepProvider {

        private final Map<String, Object> details;
        private final Map<String, String> form;
        private final boolean asks;

        Answers(Map<String, Object> details, Map<String, String> form, boolean asks) {
            this.details = details;
            this.form = form;
            this.asks = asks;
        }

        @Override
        public boolean asksFor(String field, Map<String, Object> page) {
            return asks;
        }

        @Override
        public Map<String, Object> details(Map<String, Object> page) {
            return details;
        }

        @Override
        public Optional<Map<String, String>> form(Map<String, String> entry) {
            return Optional.of(form);
        }
    }
}
