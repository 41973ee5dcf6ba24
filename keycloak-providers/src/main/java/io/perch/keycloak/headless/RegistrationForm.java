package io.perch.keycloak.headless;

import static java.util.Map.entry;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.keycloak.models.AuthenticationExecutionModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.FormMessage;
import org.keycloak.userprofile.Attributes;
import org.keycloak.userprofile.UserProfileContext;
import org.keycloak.userprofile.UserProfileProvider;

/**
 * Keycloak's registration form: the user profile, and with it the password and the consent to the terms where the realm's flow asks for them
 * here. Where addresses are verified, Keycloak asks for the password later, as a step of its own.
 */
final class RegistrationForm {

    private static final String TYPE = "registration";

    private static final String PASSWORD = "password";
    private static final String CONFIRMED = "password-confirm";
    private static final String ACCEPTED = "accepted";
    private static final String TERMS = "termsAccepted";

    /** Attributes that make Keycloak's page show a field, by field. */
    private static final Map<String, String> ASKED_BY =
            Map.of(PASSWORD, "passwordRequired", ACCEPTED, "termsAcceptanceRequired");

    /** The client's names of fields in errors. */
    private static final Map<String, String> MEMBERS = Map.ofEntries(
            entry(CONFIRMED, PASSWORD), entry(TERMS, ACCEPTED), entry(FormMessage.GLOBAL, ProfileFields.PROFILE));

    /** The parts of the form that need no browser. */
    private static final Set<String> KNOWN =
            Set.of("registration-user-creation", "registration-password-action", "registration-terms-and-conditions");

    /** The form as a step. */
    static final Step STEP = new Step(
                    TYPE,
                    List.of(ProfileFields.PROFILE, PASSWORD, ACCEPTED),
                    RegistrationForm::details,
                    RegistrationForm::form,
                    RegistrationForm::isAsked)
            .with(form -> true);

    private RegistrationForm() {}

    /**
     * Whether every form in a flow has only parts that work without a browser. A captcha does not. It is asked for before the flow starts: some
     * parts cannot even be rendered without their configuration.
     */
    static boolean isKnown(RealmModel realm, String flow) {
        return realm.getAuthenticationExecutionsStream(flow)
                .filter(AuthenticationExecutionModel::isEnabled)
                .filter(AuthenticationExecutionModel::isAuthenticatorFlow)
                .allMatch(inner -> inner.getAuthenticator() == null
                        ? isKnown(realm, inner.getFlowId())
                        : hasKnownParts(realm, inner.getFlowId()));
    }

    private static boolean hasKnownParts(RealmModel realm, String form) {
        return realm.getAuthenticationExecutionsStream(form)
                .filter(AuthenticationExecutionModel::isEnabled)
                .map(AuthenticationExecutionModel::getAuthenticator)
                .allMatch(part -> part != null && KNOWN.contains(part));
    }

    private static boolean isAsked(StepContext context, String field) {
        String attribute = ASKED_BY.get(field);
        return attribute == null || Boolean.TRUE.equals(context.page().get(attribute));
    }

    private static Map<String, Object> details(StepContext context) {
        Map<String, Object> details = new HashMap<>(FieldErrors.details(context, MEMBERS));
        details.put(ProfileFields.PROFILE, ProfileFields.describe(attributes(context)));
        return details;
    }

    // What is missing, Keycloak's form says for each field
    private static Optional<MultivaluedMap<String, String>> form(StepContext context, Entry entry) {
        Optional<MultivaluedMap<String, String>> form = ProfileFields.form(attributes(context), entry);
        form.ifPresent(parameters -> {
            entry.get(PASSWORD).ifPresent(password -> {
                parameters.putSingle(PASSWORD, password);
                parameters.putSingle(CONFIRMED, password);
            });
            if (entry.isTrue(ACCEPTED)) {
                parameters.putSingle(TERMS, "on");
            }
        });
        return form;
    }

    private static Attributes attributes(StepContext context) {
        return context.session()
                .getProvider(UserProfileProvider.class)
                .create(UserProfileContext.REGISTRATION, Map.of())
                .getAttributes();
    }
}
