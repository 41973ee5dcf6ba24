package io.perch.keycloak.headless;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.ChallengeAnswerSchema;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.models.KeycloakSession;
import org.keycloak.sessions.AuthenticationSessionModel;

class StepsTest {

    private static final Steps STEPS = Steps.BUILT_IN;

    private static final StepContext NOTHING =
            new StepContext(none(KeycloakSession.class), none(AuthenticationSessionModel.class), Map.of(), List.of());

    @ParameterizedTest
    @CsvSource({
        "auth-username-password-form, password",
        "auth-username-form, username",
        "auth-password-form, password",
        "auth-otp-form, otp",
        "auth-conditional-otp-form, otp",
        "login-email-code, email_code",
        "auth-recovery-authn-code-form, recovery_code",
        "webauthn-authenticator, webauthn",
        "webauthn-authenticator-passwordless, webauthn",
        "registration-page-form, registration",
        "reset-credentials-choose-user, username",
        "reset-password-code, email_code"
    })
    void theseAuthenticatorsNeedNoBrowser(String authenticator, String type) {
        assertEquals(type, STEPS.ofAuthenticator(authenticator).map(Step::type).orElse("none"));
    }

    @ParameterizedTest
    @CsvSource({
        "UPDATE_PASSWORD, new_password",
        "verify-email-code, email_code",
        "TERMS_AND_CONDITIONS, terms",
        "CONFIGURE_TOTP, configure_otp",
        "UPDATE_PROFILE, profile",
        "VERIFY_PROFILE, profile"
    })
    void theseRequiredActionsNeedNoBrowser(String action, String type) {
        assertEquals(type, STEPS.ofAction(action).map(Step::type).orElse("none"));
    }

    @ParameterizedTest
    @CsvSource({"identity-provider-redirector", "auth-spnego", "UPDATE_PASSWORD", "''"})
    void everyOtherAuthenticatorDoes(String authenticator) {
        assertEquals(Optional.empty(), STEPS.ofAuthenticator(authenticator));
    }

    @ParameterizedTest
    @CsvSource({"VERIFY_EMAIL", "UPDATE_EMAIL", "webauthn-register", "delete_account", "auth-otp-form"})
    void everyOtherRequiredActionDoes(String action) {
        assertEquals(Optional.empty(), STEPS.ofAction(action));
    }

    @ParameterizedTest
    @CsvSource({
        "auth-username-form, username, true",
        "auth-username-form, credentialId, false",
        "auth-username-password-form, username, false",
        "reset-credentials-choose-user, username, true",
        "registration-page-form, firstName, true",
        "auth-otp-form, otp, false"
    })
    void theseStepsCanTellWhoHasAnAccount(String authenticator, String parameter, boolean can) {
        Step step = STEPS.ofAuthenticator(authenticator).orElseThrow();
        assertEquals(can, step.looksUp(new MultivaluedHashMap<>(Map.of(parameter, "x"))));
        assertTrue(STEPS.ofAction("UPDATE_PROFILE").orElseThrow().looksUp(new MultivaluedHashMap<>()));
    }

    @ParameterizedTest
    @CsvSource({
        "auth-username-form, false",
        "reset-credentials-choose-user, false",
        "auth-username-password-form, true",
        "reset-password-code, true",
        "registration-page-form, true",
        "nobody-knows, false"
    })
    void whoHasPassedTheseHasMoreThanAName(String authenticator, boolean more) {
        assertEquals(more, STEPS.provesSomething(authenticator));
    }

    @Test
    void aFormHasWhatItsStepNamesAndNothingElse() {
        assertEquals(
                Map.of("username", List.of("ada"), "password", List.of("secret")),
                form(
                        "auth-username-password-form",
                        "username",
                        "ada",
                        "password",
                        "secret",
                        "cancel",
                        "x",
                        "otp",
                        "1"));
        assertEquals(
                Map.of("password", List.of("secret")),
                form("auth-password-form", "password", "secret", "username", "eve"));
        assertEquals(
                Map.of("recoveryCodeInput", List.of("ABC")),
                form("auth-recovery-authn-code-form", "recovery_code", "ABC", "recoveryCodeInput", "x"));
        assertEquals(
                Map.of("otp", List.of("123456")), form("auth-otp-form", "otp", "123456", "selectedCredentialId", "x"));
    }

    @Test
    void aCodeIsEnteredOrAskedForAgain() {
        assertEquals(Map.of("code", List.of("1")), form("login-email-code", "code", "1"));
        assertEquals(Map.of("resend", List.of("true")), form("login-email-code", "code", "1", "resend", "true"));
        assertEquals(Map.of(), form("login-email-code", "resend", "false"));
    }

    @Test
    void aPasskeyIsOneInJsonOrIsMissing() {
        String passkey = """
                {"id":"AQID","rawId":"AQID","type":"public-key","clientExtensionResults":{},"authenticatorAttachment":"platform",
                 "response":{"clientDataJSON":"e30","authenticatorData":"AAAA","signature":"AQ","userHandle":"YWRh"}}
                """;
        Map<String, List<String>> form = Map.of(
                "credentialId",
                List.of("AQID"),
                "clientDataJSON",
                List.of("e30"),
                "authenticatorData",
                List.of("AAAA"),
                "signature",
                List.of("AQ"),
                "userHandle",
                List.of("YWRh"));
        assertEquals(form, form("webauthn-authenticator", "credential", passkey, "error", "x"));
        assertEquals(
                form, form("auth-username-password-form", "credential", passkey, "username", "ada", "password", "x"));
        for (String wrong : List.of(
                passkey.replace("public-key", "password"),
                passkey.replace("\"rawId\":\"AQID\"", "\"rawId\":\"AQID=\""),
                passkey.replace("\"AAAA\"", "\"A\""),
                passkey.replace("\"signature\":\"AQ\"", "\"signature\":\"\""),
                passkey.replace("YWRh", "AA"),
                passkey.replace("YWRh", "AAAA".repeat(30)),
                "\"text\"",
                "null")) {
            assertEquals(Map.of(), form("webauthn-authenticator", "credential", wrong), wrong);
        }
    }

    @Test
    void anEmptyMemberIsMissing() {
        assertEquals(Map.of(), form("auth-username-password-form", "username", "ada", "password", ""));
    }

    @Test
    void termsNeedAnExplicitYes() {
        Step terms = STEPS.ofAction("TERMS_AND_CONDITIONS").orElseThrow();
        assertTrue(
                terms.form().of(NOTHING, new Entry(Map.of("accepted", "true"))).isPresent());
        assertTrue(
                terms.form().of(NOTHING, new Entry(Map.of("accepted", "yes"))).isEmpty());
        assertTrue(terms.form().of(NOTHING, new Entry(Map.of())).isEmpty());
    }

    @Test
    void everyMemberIsKeptOutOfAuthorizationRequests() {
        assertTrue(STEPS.members()
                .containsAll(List.of(
                        "username",
                        "password",
                        "otp",
                        "code",
                        "resend",
                        "recovery_code",
                        "new_password",
                        "accepted",
                        "alternative")));
    }

    @Test
    void theSchemaHasTheTypesOfAllSteps() {
        Map<String, Set<String>> steps = new TreeMap<>();
        STEPS.all().forEach(step -> steps.computeIfAbsent(step.type(), type -> new TreeSet<>())
                .addAll(step.fields()));
        assertEquals(steps, ChallengeAnswerSchema.fieldsByType());
    }

    @Test
    void theSchemaHasTheTypesOfAllAlternatives() {
        // Every known authenticator; a required action has no alternatives
        Set<String> types = new TreeSet<>(ChallengeAnswerSchema.alternatives());
        types.forEach(
                type -> assertTrue(STEPS.all().anyMatch(step -> step.type().equals(type)), type));
        types.addAll(List.of("new_password", "terms", "profile", "configure_otp"));
        assertEquals(types, new TreeSet<>(ChallengeAnswerSchema.fieldsByType().keySet()));
    }

    private static Map<String, List<String>> form(String authenticator, String... members) {
        Map<String, String> entry = new java.util.HashMap<>();
        for (int i = 0; i < members.length; i += 2) {
            entry.put(members[i], members[i + 1]);
        }
        return STEPS.ofAuthenticator(authenticator)
                .orElseThrow()
                .form()
                .of(NOTHING, new Entry(entry))
                .<Map<String, List<String>>>map(form -> form)
                .orElse(Map.of());
    }

    // Nothing is known, and nobody is signed in
    private static <T> T none(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> null));
    }
}
