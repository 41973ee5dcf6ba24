package io.perch.keycloak.profile;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.provider.ConfiguredProvider;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.userprofile.AttributeContext;
import org.keycloak.userprofile.Attributes;
import org.keycloak.userprofile.UserProfileAttributeValidationContext;
import org.keycloak.validate.AbstractStringValidator;
import org.keycloak.validate.ValidationContext;
import org.keycloak.validate.ValidationError;
import org.keycloak.validate.ValidatorConfig;

/**
 * Accepts a user name with {@code @} only if it is the profile's own e-mail address. Otherwise a user could take the address of another
 * person as a name, without reading its mailbox: that person could then not register, and codes for that name would go to the first user.
 *
 * <p>For the attribute {@code username}. A name that the user already has is not checked: an account may come from before this validator,
 * or the user may have got another address since.
 */
public final class OwnEmailValidator extends AbstractStringValidator implements ConfiguredProvider {

    /** The validator's name in a user profile. */
    public static final String PROVIDER_ID = "username-own-email";

    static final String MESSAGE = "error-username-other-email";

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public String getHelpText() {
        return "A user name with @ must be the e-mail address of the same user. For the attribute username";
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return List.of();
    }

    @Override
    protected void doValidate(String value, String attribute, ValidationContext context, ValidatorConfig config) {
        if (value.indexOf('@') < 0
                || isNameAlwaysAddress(context.getSession())
                || !(context instanceof UserProfileAttributeValidationContext profile)) {
            return;
        }
        AttributeContext change = profile.getAttributeContext();
        UserModel user = change.getUser();
        String email = email(change.getAttributes(), user);
        boolean isNew = user == null || !isSame(value, user.getUsername());
        if (isNew && !isSame(value, email)) {
            context.addError(new ValidationError(PROVIDER_ID, attribute, MESSAGE));
        }
    }

    // Keycloak then sets the name itself
    private static boolean isNameAlwaysAddress(KeycloakSession session) {
        return session.getContext().getRealm().isRegistrationEmailAsUsername();
    }

    private static @Nullable String email(Attributes attributes, @Nullable UserModel user) {
        return user == null || attributes.contains(UserModel.EMAIL)
                ? attributes.getFirst(UserModel.EMAIL)
                : user.getEmail();
    }

    // As Keycloak stores both. Other comparisons take more letters for the same
    private static boolean isSame(String name, @Nullable String other) {
        return other != null
                && name.strip().toLowerCase(Locale.ROOT).equals(other.strip().toLowerCase(Locale.ROOT));
    }
}
