package io.perch.keycloak.profile;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.ConfiguredProvider;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;
import org.keycloak.userprofile.UserProfileAttributeValidationContext;
import org.keycloak.userprofile.UserProfileContext;
import org.keycloak.utils.StringUtil;
import org.keycloak.validate.AbstractStringValidator;
import org.keycloak.validate.ValidationContext;
import org.keycloak.validate.ValidationError;
import org.keycloak.validate.ValidationResult;
import org.keycloak.validate.ValidatorConfig;

/**
 * Accepts a user profile value only if it is a valid phone number, written in E.164 form ({@code +493023125000}).
 *
 * <p>A number in another form is refused. The error's first parameter after the attribute's name is the number in E.164 form. No
 * error contains the refused text. Null, empty and blank values are not checked, because the user profile does not store them. Each
 * value of a list is checked.
 */
public final class PhoneNumberValidator extends AbstractStringValidator implements ConfiguredProvider {

    /** The validator's name in a user profile. */
    public static final String PROVIDER_ID = "phone-number";

    static final String DEFAULT_REGION = "default-region";
    static final String ERROR_MESSAGE = "error-message";

    static final String MESSAGE_INVALID = "error-invalid-phone-number";
    static final String MESSAGE_FORM = "error-phone-number-form";
    static final String MESSAGE_FORM_CONSOLE = "error-phone-number-form-console";

    /** Keycloak's own message for a validator with a wrong configuration. */
    static final String MESSAGE_INVALID_OPTION = "error-validator-config-invalid-value";

    static final String MESSAGE_OPTION_IS_NO_TEXT = "error-validator-config-invalid-string-value";

    /** The contexts whose errors are formatted in the browser by i18next, and not by {@link java.text.MessageFormat}. */
    private static final Set<UserProfileContext> CONSOLES =
            Set.of(UserProfileContext.ACCOUNT, UserProfileContext.USER_API);

    private static final List<ProviderConfigProperty> OPTIONS = ProviderConfigurationBuilder.create()
            .property()
            .name(DEFAULT_REGION)
            .label("Default region")
            .helpText(
                    "ISO 3166-1 alpha-2 code of a region, such as DE. Numbers must be in E.164 form. If a user enters a"
                            + " national number of this region, the error names its E.164 form.")
            .type(ProviderConfigProperty.STRING_TYPE)
            .add()
            .property()
            .name(ERROR_MESSAGE)
            .label("Error message key")
            .helpText("Key of the error message in the message bundle, for every refused value. Its parameter 1 is the"
                    + " number in E.164 form, or empty. Default keys are "
                    + MESSAGE_INVALID + ", " + MESSAGE_FORM + " and " + MESSAGE_FORM_CONSOLE + ".")
            .type(ProviderConfigProperty.STRING_TYPE)
            .add()
            .build();

    private final NumberingPlans plans = new NumberingPlans();

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public String getHelpText() {
        return "Valid phone number in E.164 form";
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return OPTIONS;
    }

    @Override
    protected void doValidate(String value, String attribute, ValidationContext context, ValidatorConfig config) {
        Optional<String> e164 = plans.e164(value, config.getString(DEFAULT_REGION));
        if (e164.isPresent() && e164.get().equals(value)) {
            return;
        }
        String ownMessage = config.getString(ERROR_MESSAGE);
        if (ownMessage != null) {
            context.addError(new ValidationError(PROVIDER_ID, attribute, ownMessage, e164.orElse("")));
        } else if (e164.isPresent()) {
            context.addError(new ValidationError(PROVIDER_ID, attribute, formMessage(context), e164.get()));
        } else {
            context.addError(new ValidationError(PROVIDER_ID, attribute, MESSAGE_INVALID));
        }
    }

    // The same test for blank as in the user profile, which does not store blank values. An empty field of a form is no
    // value
    @Override
    protected boolean skipValidation(@Nullable Object value, ValidatorConfig config) {
        return isIgnoreEmptyValuesConfigured(config)
                && (value == null || (value instanceof String text && StringUtil.isBlank(text)));
    }

    @Override
    public ValidationResult validateConfig(KeycloakSession session, @Nullable ValidatorConfig config) {
        Set<ValidationError> errors = new LinkedHashSet<>();
        if (config != null) {
            Object region = config.get(DEFAULT_REGION);
            if (region != null && !isRegion(region)) {
                errors.add(new ValidationError(
                        PROVIDER_ID,
                        DEFAULT_REGION,
                        MESSAGE_INVALID_OPTION,
                        region,
                        "not an ISO 3166-1 alpha-2 code of a region with phone numbers, such as DE"));
            }
            Object message = config.get(ERROR_MESSAGE);
            if (message != null && !(message instanceof String)) {
                errors.add(new ValidationError(PROVIDER_ID, ERROR_MESSAGE, MESSAGE_OPTION_IS_NO_TEXT, message));
            }
        }
        return new ValidationResult(errors);
    }

    // The admin console sends an empty text for an empty option
    private boolean isRegion(Object option) {
        return option instanceof String region && (StringUtil.isBlank(region) || plans.know(region));
    }

    private static String formMessage(ValidationContext context) {
        return context instanceof UserProfileAttributeValidationContext profile
                        && CONSOLES.contains(profile.getAttributeContext().getContext())
                ? MESSAGE_FORM_CONSOLE
                : MESSAGE_FORM;
    }
}
