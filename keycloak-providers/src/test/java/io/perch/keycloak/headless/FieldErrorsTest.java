package io.perch.keycloak.headless;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.utils.FormMessage;
import org.keycloak.sessions.AuthenticationSessionModel;

class FieldErrorsTest {

    private static final Map<String, String> MEMBERS =
            Map.of("password-new", "new_password", FormMessage.GLOBAL, "new_password");

    @Test
    void withoutErrorsThereIsNoMember() {
        assertEquals(Map.of(), FieldErrors.details(context(), MEMBERS));
    }

    @Test
    void aFieldHasTheNameThatTheClientKnows() {
        assertEquals(
                Map.of(
                        "errors",
                        List.of(
                                Map.of(
                                        "field",
                                        "new_password",
                                        "message_key",
                                        "invalidPasswordMinLengthMessage",
                                        "parameters",
                                        List.of(12)),
                                Map.of("field", "email", "message_key", "missing", "parameters", List.of()))),
                FieldErrors.details(
                        context(
                                new FormMessage("password-new", "invalidPasswordMinLengthMessage", 12),
                                new FormMessage("email", "missing")),
                        MEMBERS));
    }

    @Test
    void aTextThatIsNoKeyIsNotPassedOn() {
        assertEquals(
                Map.of("errors", List.of(Map.of("field", "new_password"))),
                FieldErrors.details(
                        context(new FormMessage(
                                FormMessage.GLOBAL, "Could not modify uid=ada,ou=people", new Object[] {"secret"})),
                        MEMBERS));
    }

    @Test
    void onlyNumbersAndTextsAreParameters() {
        assertEquals(
                Map.of(
                        "errors",
                        List.of(Map.of("field", "email", "message_key", "tooLong", "parameters", List.of("email", 3)))),
                FieldErrors.details(context(new FormMessage("email", "tooLong", "email", new Object(), 3)), MEMBERS));
    }

    private static StepContext context(FormMessage... errors) {
        return new StepContext(
                none(KeycloakSession.class), none(AuthenticationSessionModel.class), Map.of(), List.of(errors));
    }

    private static <T> T none(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null));
    }
}
