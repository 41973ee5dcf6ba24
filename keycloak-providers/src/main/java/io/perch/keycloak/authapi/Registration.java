package io.perch.keycloak.authapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.perch.keycloak.emailcode.EmailCodes;
import io.perch.keycloak.unique.UniqueKeys;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RequiredActionProviderModel;
import org.keycloak.models.UserCredentialModel;
import org.keycloak.models.UserModel;
import org.keycloak.policy.PasswordPolicyManagerProvider;
import org.keycloak.policy.PolicyError;
import org.keycloak.services.messages.Messages;
import org.keycloak.userprofile.UserProfile;
import org.keycloak.userprofile.UserProfileContext;
import org.keycloak.userprofile.UserProfileProvider;
import org.keycloak.userprofile.ValidationException;

/** {@code /register}: a new account, by Keycloak's user profile and password policy. */
final class Registration {

    private final Call call;
    private final KeycloakSession session;
    private final RealmModel realm;
    private final Fields fields;
    private final UserMessages messages;

    private Registration(Call call) {
        this.call = call;
        this.session = call.session();
        this.realm = call.realm();
        this.fields = call.fields();
        this.messages = UserMessages.of(session, null);
    }

    static Response register(Call call) {
        return new Registration(call).register();
    }

    private Response register() {
        fields.allow(SignIn.withClient(
                "username", "email", "password", "first_name", "last_name", "phone_number", OAuth2Constants.SCOPE));
        call.event().event(EventType.REGISTER);
        ClientAuthentication client = ClientAuthentication.forPasswords(call, fields);
        if (!realm.isRegistrationAllowed()) {
            call.event().error(Errors.REGISTRATION_DISABLED);
            throw ProblemException.of(ProblemType.FORBIDDEN, "Registration is off in this realm");
        }
        call.countRegistration();
        UserProfile profile = profile();
        String password = fields.requiredSecret("password");
        validate(profile, password);
        UserModel user = create(profile, password);
        boolean unverified = mustVerify(user);
        if (unverified) {
            session.getProvider(EmailCodes.class)
                    .sendLater(
                            realm, EmailCodes.Purpose.VERIFY_EMAIL, EmailCodes.Requester.NEW_ACCOUNT, user.getEmail());
        }
        return Answers.created(
                unverified
                        ? Registered.of(user, RegistrationToken.of(session, user), null)
                        : Registered.of(user, null, signIn(client.form(), user, password)));
    }

    private UserProfile profile() {
        Map<String, List<String>> attributes = ProfileFields.attributes(fields);
        // The old services used the address as the user name of users who gave one
        if (!fields.isGiven("username") && attributes.containsKey(UserModel.EMAIL)) {
            attributes.put(UserModel.USERNAME, attributes.get(UserModel.EMAIL));
        }
        ProfileFields.checkUsername(fields, attributes, "");
        return session.getProvider(UserProfileProvider.class).create(UserProfileContext.REGISTRATION, attributes);
    }

    private void validate(UserProfile profile, String password) {
        String username = profile.getAttributes().getFirst(UserModel.USERNAME);
        EventBuilder event = call.event()
                .detail(Details.REGISTER_METHOD, "auth-api")
                .detail(Details.USERNAME, username)
                .detail(Details.EMAIL, profile.getAttributes().getFirst(UserModel.EMAIL))
                .detail(Details.FIRST_NAME, profile.getAttributes().getFirst(UserModel.FIRST_NAME))
                .detail(Details.LAST_NAME, profile.getAttributes().getFirst(UserModel.LAST_NAME));
        ProfileFields.checkKnown(fields, profile);
        PolicyError policyError =
                session.getProvider(PasswordPolicyManagerProvider.class).validate(username, password);
        if (policyError != null && !password.isEmpty()) {
            fields.refuse("password", messages.of(policyError.getMessage(), policyError.getParameters()));
        }
        try {
            profile.validate();
            if (fields.errors().isEmpty()) {
                return;
            }
        } catch (ValidationException e) {
            refuse(e, event);
        }
        event.error(Errors.INVALID_REGISTRATION);
        throw ProblemException.of(fields.errors());
    }

    private void refuse(ValidationException exception, EventBuilder event) {
        List<FieldError> errors = new ArrayList<>(fields.errors());
        messages.of(exception).stream()
                .map(this::atEnteredMember)
                .filter(error ->
                        errors.stream().noneMatch(known -> known.pointer().equals(error.pointer())))
                .forEach(errors::add);
        boolean emailTaken = exception.hasError(Messages.EMAIL_EXISTS);
        boolean usernameTaken = exception.hasError(Messages.USERNAME_EXISTS);
        event.error(
                emailTaken
                        ? Errors.EMAIL_IN_USE
                        : usernameTaken ? Errors.USERNAME_IN_USE : Errors.INVALID_REGISTRATION);
        boolean onlyTaken = fields.errors().isEmpty()
                && exception.getErrors().stream()
                        .allMatch(error -> error.getMessage().equals(Messages.EMAIL_EXISTS)
                                || error.getMessage().equals(Messages.USERNAME_EXISTS));
        throw ProblemException.of(
                onlyTaken ? Problem.of(ProblemType.ALREADY_TAKEN).with(errors) : Problem.of(errors));
    }

    private FieldError atEnteredMember(FieldError error) {
        boolean fromEmail =
                error.pointer().equals("/username") && !fields.isGiven("username") && fields.isGiven("email");
        return fromEmail ? FieldError.of("email", error.detail()) : error;
    }

    private UserModel create(UserProfile profile, String password) {
        try {
            UserModel user = profile.create();
            user.setEnabled(true);
            user.credentialManager().updateCredential(UserCredentialModel.password(password, false));
            UniqueKeys.check(session);
            call.event().user(user).success();
            return user;
        } catch (ModelException e) {
            session.getTransactionManager().setRollbackOnly();
            if (UniqueKeys.isTaken(e)) {
                call.event().error(Errors.USERNAME_IN_USE);
                throw ProblemException.of(ProblemType.ALREADY_TAKEN);
            }
            call.event().detail(Details.REASON, e.getMessage()).error(Errors.PASSWORD_REJECTED);
            throw ProblemException.of(List.of(FieldError.of("password", messages.of(e))));
        }
    }

    private boolean mustVerify(UserModel user) {
        if (user.getEmail() == null || user.isEmailVerified()) {
            return false;
        }
        RequiredActionProviderModel action =
                realm.getRequiredActionProviderByAlias(UserModel.RequiredAction.VERIFY_EMAIL.name());
        return realm.isVerifyEmail() || (action != null && action.isEnabled() && action.isDefaultAction());
    }

    // The account exists even if required actions prevent a sign-in now. Then /login answers with these actions
    private @Nullable TokenAnswer signIn(MultivaluedMap<String, String> form, UserModel user, String password) {
        SignIn.formOfFlow(fields, form);
        form.putSingle("username", user.getUsername());
        form.putSingle("password", password);
        try {
            return TokenRequest.password(call, form, new ObservedEvent(session));
        } catch (ProblemException e) {
            return null;
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Registered(
            String userId,
            String username,
            @Nullable String email,
            boolean emailVerified,
            boolean verificationRequired,
            @Nullable String registrationToken,
            @JsonUnwrapped @Nullable TokenAnswer tokens) {

        static Registered of(UserModel user, @Nullable String registrationToken, @Nullable TokenAnswer tokens) {
            return new Registered(
                    user.getId(),
                    user.getUsername(),
                    Optional.ofNullable(user.getEmail()).orElse(null),
                    user.isEmailVerified(),
                    registrationToken != null,
                    registrationToken,
                    tokens);
        }
    }
}
