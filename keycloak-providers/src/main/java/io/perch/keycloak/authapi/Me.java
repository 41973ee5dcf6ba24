package io.perch.keycloak.authapi;

import io.perch.keycloak.emailcode.EmailCodes;
import io.perch.keycloak.unique.UniqueKeys;
import jakarta.ws.rs.core.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.keycloak.authentication.requiredactions.DeleteAccount;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventType;
import org.keycloak.models.AccountRoles;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelException;
import org.keycloak.models.RequiredActionProviderModel;
import org.keycloak.models.UserManager;
import org.keycloak.models.UserModel;
import org.keycloak.services.messages.Messages;
import org.keycloak.storage.ReadOnlyException;
import org.keycloak.userprofile.EventAuditingAttributeChangeListener;
import org.keycloak.userprofile.UserProfile;
import org.keycloak.userprofile.UserProfileContext;
import org.keycloak.userprofile.UserProfileProvider;
import org.keycloak.userprofile.ValidationException;

/** {@code /me}: the caller's own account. */
final class Me {

    private Me() {}

    static Response get(Call call) {
        Caller caller = Caller.of(call);
        caller.requireAccountRole(call, AccountRoles.VIEW_PROFILE, AccountRoles.MANAGE_ACCOUNT);
        return Answers.ok(ProfileAnswer.forOwner(call.session(), caller.user()));
    }

    static Response put(Call call) {
        Caller caller = Caller.of(call, EventType.UPDATE_PROFILE);
        caller.requireAccountRole(call, AccountRoles.MANAGE_ACCOUNT);
        Fields fields = call.fields();
        fields.allow(ProfileFields.MEMBERS);
        Map<String, List<String>> changes = ProfileFields.attributes(fields);
        UserModel user = caller.user();
        UserProfile profile = changedProfile(call, user, changes);
        Optional<String> newEmail = newEmail(user, profile);
        if (newEmail.isPresent()) {
            // With the address a person can reset the password, and so take over the account
            caller.requireFreshSignIn(call);
            call.countChangeOfAddress(user);
        }
        ProfileFields.checkUsername(fields, changes, Objects.requireNonNullElse(user.getEmail(), ""));
        update(call, user, fields, profile);
        newEmail.filter(address -> !address.isEmpty() && call.realm().isVerifyEmail())
                .ifPresent(address -> call.session()
                        .getProvider(EmailCodes.class)
                        .sendLater(
                                call.realm(),
                                EmailCodes.Purpose.VERIFY_EMAIL,
                                EmailCodes.Requester.ACCOUNT_HOLDER,
                                address));
        return Answers.ok(ProfileAnswer.forOwner(call.session(), user));
    }

    private static UserProfile changedProfile(Call call, UserModel user, Map<String, List<String>> changes) {
        Map<String, List<String>> attributes = new HashMap<>(user.getAttributes());
        attributes.putAll(changes);
        return call.session()
                .getProvider(UserProfileProvider.class)
                .create(UserProfileContext.ACCOUNT, attributes, user);
    }

    // By what Keycloak will store, whichever member of the request it comes from
    private static Optional<String> newEmail(UserModel user, UserProfile profile) {
        if (!profile.getAttributes().contains(UserModel.EMAIL)) {
            return Optional.empty();
        }
        String old = Objects.requireNonNullElse(user.getEmail(), "");
        String email = Objects.requireNonNullElse(profile.getAttributes().getFirst(UserModel.EMAIL), "");
        return Optional.of(email).filter(address -> !ProfileFields.isSame(address, old));
    }

    private static void update(Call call, UserModel user, Fields fields, UserProfile profile) {
        ProfileFields.checkKnown(fields, profile);
        fields.check();
        call.event().detail(Details.CONTEXT, UserProfileContext.ACCOUNT.name());
        try {
            profile.update(false, new EventAuditingAttributeChangeListener(profile, call.event()));
            UniqueKeys.check(call.session());
            call.event().success();
        } catch (ValidationException e) {
            throw refused(call, user, e);
        } catch (ModelException e) {
            call.session().getTransactionManager().setRollbackOnly();
            if (!UniqueKeys.isTaken(e)) {
                throw e;
            }
            call.event().error(Errors.EMAIL_IN_USE);
            throw ProblemException.of(ProblemType.ALREADY_TAKEN);
        } catch (ReadOnlyException e) {
            throw ProblemException.of(
                    ProblemType.FORBIDDEN, UserMessages.of(call.session(), user).of(Messages.READ_ONLY_USER));
        }
    }

    private static ProblemException refused(Call call, UserModel user, ValidationException e) {
        boolean onlyTaken =
                e.getErrors().stream().map(ValidationException.Error::getMessage).collect(Collectors.toSet()).stream()
                        .allMatch(message ->
                                message.equals(Messages.EMAIL_EXISTS) || message.equals(Messages.USERNAME_EXISTS));
        call.event().error(onlyTaken ? Errors.EMAIL_IN_USE : Errors.INVALID_REQUEST);
        List<FieldError> errors = UserMessages.of(call.session(), user).of(e);
        return ProblemException.of(
                onlyTaken ? Problem.of(ProblemType.ALREADY_TAKEN).with(errors) : Problem.of(errors));
    }

    static Response delete(Call call) {
        Caller caller = Caller.of(call, EventType.DELETE_ACCOUNT);
        requireDeletable(call, caller);
        KeycloakSession session = call.session();
        call.event().detail(Details.USERNAME, caller.user().getUsername());
        if (!new UserManager(session).removeUser(call.realm(), caller.user())) {
            call.event().error(Errors.USER_DELETE_ERROR);
            throw ProblemException.of(ProblemType.FORBIDDEN, "The account's storage keeps it");
        }
        call.event().success();
        return Answers.done();
    }

    // The conditions of Keycloak's own page: the realm allows deletion, the user has the role, and the sign-in is
    // recent
    private static void requireDeletable(Call call, Caller caller) {
        RequiredActionProviderModel action = call.realm().getRequiredActionProviderByAlias(DeleteAccount.PROVIDER_ID);
        if (action == null || !action.isEnabled()) {
            throw ProblemException.of(ProblemType.FORBIDDEN, "Accounts are not deleted by their owners in this realm");
        }
        caller.requireAccountRole(call, AccountRoles.DELETE_ACCOUNT);
        caller.requireFreshSignIn(call);
    }
}
