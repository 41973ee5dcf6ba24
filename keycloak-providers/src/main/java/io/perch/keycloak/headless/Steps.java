package io.perch.keycloak.headless;

import static java.util.Map.entry;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.credential.WebAuthnCredentialModel;
import org.keycloak.models.utils.FormMessage;

/**
 * The tables: which authenticators and required actions work without a browser, by the ids of their providers. A form
 * gets only the parameters that its step names, whatever the client has sent. Steps of other extensions
 * ({@link ForeignSteps}) come beside those here.
 */
final class Steps {

    /** The member that chooses another step from those that the challenge has offered. */
    static final String ALTERNATIVE = "alternative";

    /** The member with the user's name. */
    static final String USERNAME = "username";

    private static final String PASSWORD = "password";
    private static final String CODE = "code";
    private static final String RESEND = "resend";
    private static final String RECOVERY_CODE = "recovery_code";
    private static final String NEW_PASSWORD = "new_password";
    private static final String ACCEPTED = "accepted";

    private static final Step USERNAME_AND_PASSWORD = WebAuthnAssertion.orPasskey(new Step(
            PASSWORD,
            List.of(USERNAME, PASSWORD),
            context -> Map.of(),
            (context, entry) -> form(entry, entry(USERNAME, USERNAME), entry(PASSWORD, PASSWORD))));

    private static final Step USERNAME_ONLY = new Step(
                    USERNAME,
                    List.of(USERNAME),
                    context -> Map.of(),
                    (context, entry) -> form(entry, entry(USERNAME, USERNAME)))
            .with(form -> form.containsKey(USERNAME))
            .withoutProof();

    private static final Step PASSWORD_ONLY = WebAuthnAssertion.orPasskey(new Step(
            PASSWORD,
            List.of(PASSWORD),
            context -> Map.of(),
            (context, entry) -> form(entry, entry(PASSWORD, PASSWORD))));

    private static final Step OTP =
            new Step(OtpDevices.OTP, List.of(OtpDevices.OTP, OtpDevices.DEVICE), OtpDevices::details, OtpDevices::form);

    private static final Step EMAIL_CODE = new Step(
            "email_code",
            List.of(CODE, RESEND),
            MailedTo::details,
            (context, entry) -> entry.isTrue(RESEND)
                    ? Optional.of(new MultivaluedHashMap<>(Map.of(RESEND, "true")))
                    : form(entry, entry(CODE, CODE)));

    private static final Step RECOVERY = new Step(
            RECOVERY_CODE,
            List.of(RECOVERY_CODE),
            RecoveryCode::details,
            (context, entry) -> form(entry, entry(RECOVERY_CODE, "recoveryCodeInput")));

    // The page asks twice, and its box to end other sessions is ticked
    private static final Step CHOOSE_PASSWORD =
            new Step(NEW_PASSWORD, List.of(NEW_PASSWORD), Steps::passwordErrors, (context, entry) -> form(
                            entry, entry(NEW_PASSWORD, "password-new"), entry(NEW_PASSWORD, "password-confirm"))
                    .map(form -> with(form, "logout-sessions", "on")));

    // Keycloak takes every form without a button "cancel" for a consent
    private static final Step TERMS = new Step(
            "terms",
            List.of(ACCEPTED),
            context -> Map.of(),
            (context, entry) -> entry.isTrue(ACCEPTED) ? Optional.of(new MultivaluedHashMap<>()) : Optional.empty());

    private static final Step CONFIGURE_OTP = new Step(
            "configure_otp", List.of(OtpDevices.OTP, NewOtpDevice.LABEL), NewOtpDevice::details, NewOtpDevice::form);

    private static final Step PROFILE = new Step(
                    ProfileFields.PROFILE, List.of(ProfileFields.PROFILE), ProfileFields::details, ProfileFields::form)
            .with(form -> true);

    private static final Map<String, Step> AUTHENTICATORS = Map.ofEntries(
            entry("auth-username-password-form", USERNAME_AND_PASSWORD),
            entry("auth-username-form", WebAuthnAssertion.orPasskey(USERNAME_ONLY)),
            entry("auth-password-form", PASSWORD_ONLY),
            entry("auth-otp-form", OTP),
            entry("auth-conditional-otp-form", OTP),
            entry("login-email-code", EMAIL_CODE),
            entry("auth-recovery-authn-code-form", RECOVERY),
            entry("registration-page-form", RegistrationForm.STEP),
            entry("reset-credentials-choose-user", USERNAME_ONLY),
            entry("reset-password-code", EMAIL_CODE),
            entry("webauthn-authenticator", WebAuthnAssertion.step(WebAuthnCredentialModel.TYPE_TWOFACTOR)),
            entry(
                    "webauthn-authenticator-passwordless",
                    WebAuthnAssertion.step(WebAuthnCredentialModel.TYPE_PASSWORDLESS)));

    private static final Map<String, Step> ACTIONS = Map.ofEntries(
            entry("UPDATE_PASSWORD", CHOOSE_PASSWORD),
            entry("verify-email-code", EMAIL_CODE),
            entry("TERMS_AND_CONDITIONS", TERMS),
            entry("CONFIGURE_TOTP", CONFIGURE_OTP),
            entry("UPDATE_PROFILE", PROFILE),
            entry("VERIFY_PROFILE", PROFILE));

    /** The steps that the server always has. */
    static final Steps BUILT_IN = new Steps(AUTHENTICATORS, ACTIONS);

    private final Map<String, Step> authenticators;
    private final Map<String, Step> actions;

    private Steps(Map<String, Step> authenticators, Map<String, Step> actions) {
        this.authenticators = Map.copyOf(authenticators);
        this.actions = Map.copyOf(actions);
    }

    /** The steps that this server has. */
    static Steps of(KeycloakSession session) {
        return RecordingFormsFactory.steps(session.getKeycloakSessionFactory());
    }

    /**
     * These steps and more.
     *
     * @param moreAuthenticators by ids of providers; none of them has a step here
     * @param moreActions by ids of providers; none of them has a step here
     */
    Steps with(Map<String, Step> moreAuthenticators, Map<String, Step> moreActions) {
        return new Steps(join(authenticators, moreAuthenticators), join(actions, moreActions));
    }

    private static Map<String, Step> join(Map<String, Step> some, Map<String, Step> more) {
        Map<String, Step> all = new HashMap<>(more);
        all.putAll(some);
        return all;
    }

    /** The step of an authenticator. */
    Optional<Step> ofAuthenticator(String providerId) {
        return Optional.ofNullable(authenticators.get(providerId));
    }

    /** The step of a required action. */
    Optional<Step> ofAction(String providerId) {
        return Optional.ofNullable(actions.get(providerId));
    }

    /** Whether somebody who has passed this authenticator has more than a user's name. */
    boolean provesSomething(String providerId) {
        return ofAuthenticator(providerId).filter(Step::proof).isPresent();
    }

    /** Names of all members that steps take. */
    Set<String> members() {
        Set<String> members = new TreeSet<>(Set.of(ALTERNATIVE));
        all().forEach(step -> members.addAll(step.fields()));
        return members;
    }

    /** The steps of both tables. A step of several providers comes several times. */
    Stream<Step> all() {
        return Stream.concat(authenticators.values().stream(), actions.values().stream());
    }

    private static Map<String, Object> passwordErrors(StepContext context) {
        return FieldErrors.details(
                context,
                Map.of(PASSWORD, NEW_PASSWORD, "password-confirm", NEW_PASSWORD, FormMessage.GLOBAL, NEW_PASSWORD));
    }

    @SafeVarargs
    private static Optional<MultivaluedMap<String, String>> form(Entry entry, Map.Entry<String, String>... parameters) {
        MultivaluedMap<String, String> form = new MultivaluedHashMap<>();
        for (Map.Entry<String, String> parameter : parameters) {
            Optional<String> value = entry.get(parameter.getKey());
            if (value.isEmpty()) {
                return Optional.empty();
            }
            form.putSingle(parameter.getValue(), value.get());
        }
        return Optional.of(form);
    }

    private static MultivaluedMap<String, String> with(
            MultivaluedMap<String, String> form, String parameter, String value) {
        form.putSingle(parameter, value);
        return form;
    }
}
