package io.perch.keycloak.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.provider.ConfiguredProvider;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.validate.AbstractSimpleValidator;
import org.keycloak.validate.SimpleValidator;
import org.keycloak.validate.ValidationContext;
import org.keycloak.validate.ValidationError;
import org.keycloak.validate.ValidatorConfig;
import org.keycloak.validate.ValidatorFactory;

class PhoneNumberValidatorTest {

    private static final String NUMBER = "+493023125000";

    private final SimpleValidator validator = new PhoneNumberValidator();

    @Test
    void keycloakFindsTheValidatorAndItsOptions() {
        ValidatorFactory factory = StreamSupport.stream(
                        ServiceLoader.load(ValidatorFactory.class).spliterator(), false)
                .filter(found -> found.getId().equals("phone-number"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                List.of("default-region", "error-message"),
                assertInstanceOf(ConfiguredProvider.class, factory).getConfigProperties().stream()
                        .map(ProviderConfigProperty::getName)
                        .toList());
    }

    @Test
    void aNumberInE164FormIsAccepted() {
        assertEquals(List.of(), errors(NUMBER, Map.of()));
        assertEquals(List.of(), errors(NUMBER, Map.of("default-region", "US")));
    }

    @Test
    void aNumberInAnotherFormIsRefusedWithItsE164Form() {
        ValidationError expected = new ValidationError("phone-number", "phone", "error-phone-number-form", NUMBER);
        assertEquals(List.of(expected), errors("+49 30 23125000", Map.of()));
        assertEquals(List.of(expected), errors("030 23125000", Map.of("default-region", "DE")));
    }

    @Test
    void otherTextIsRefusedAndNotRepeated() {
        ValidationError expected = new ValidationError("phone-number", "phone", "error-invalid-phone-number");
        assertEquals(List.of(expected), errors("<b>call me</b>", Map.of("default-region", "DE")));
        assertEquals(List.of(expected), errors("030 23125000", Map.of()));
    }

    @Test
    void anOwnMessageReplacesBoth() {
        Map<String, Object> options = Map.of("error-message", "acme-phone", "default-region", "DE");
        assertEquals(
                List.of(new ValidationError("phone-number", "phone", "acme-phone", NUMBER)),
                errors("030 23125000", options));
        assertEquals(List.of(new ValidationError("phone-number", "phone", "acme-phone", "")), errors("none", options));
    }

    @Test
    void optionsLeftEmptyCountAsNotSet() {
        Map<String, Object> options = Map.of("error-message", "", "default-region", " ");
        assertEquals(
                "error-invalid-phone-number",
                errors("030 23125000", options).get(0).getMessage());
        assertTrue(validator.validateConfig(null, new ValidatorConfig(options)).isValid());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " ", "\t\n"})
    void anEmptyValueIsNotChecked(@Nullable String value) {
        assertEquals(List.of(), errors(value, inAProfile(Map.of())));
        assertFalse(errors(value, Map.of()).isEmpty());
    }

    @Test
    void eachValueOfAListIsChecked() {
        List<@Nullable String> values = Arrays.asList(NUMBER, "+49 30 23125000", null, "", "+1");
        assertEquals(
                List.of("error-phone-number-form", "error-invalid-phone-number"),
                errors(values, inAProfile(Map.of())).stream()
                        .map(ValidationError::getMessage)
                        .toList());
    }

    @Test
    void aValueThatIsNotTextIsRefused() {
        assertEquals(
                "error-invalid-value", errors(493023125000L, Map.of()).get(0).getMessage());
    }

    @Test
    void anUnknownRegionIsRefused() {
        for (Object region : List.of("XX", "Germany", 49, List.of("DE"))) {
            ValidationError error = configError("default-region", region);
            assertEquals("error-validator-config-invalid-value", error.getMessage());
            assertEquals("default-region", error.getInputHint());
            assertEquals(region, error.getMessageParameters()[0]);
        }
    }

    @Test
    void aMessageKeyThatIsNotTextIsRefused() {
        assertEquals(
                "error-validator-config-invalid-string-value",
                configError("error-message", 7).getMessage());
    }

    @Test
    void aValidatorNeedsNoOptions() {
        assertTrue(validator.validateConfig(null, null).isValid());
        assertTrue(validator.validateConfig(null, ValidatorConfig.EMPTY).isValid());
        assertTrue(validator
                .validateConfig(null, new ValidatorConfig(Map.of("default-region", "de")))
                .isValid());
    }

    private List<ValidationError> errors(@Nullable Object value, Map<String, Object> options) {
        ValidationContext context = new ValidationContext();
        validator.validate(value, "phone", context, new ValidatorConfig(options));
        return List.copyOf(context.getErrors());
    }

    private ValidationError configError(String option, Object value) {
        return validator
                .validateConfig(null, new ValidatorConfig(Map.of(option, value)))
                .getErrors()
                .iterator()
                .next();
    }

    /** The options as the user profile passes them. */
    private static Map<String, Object> inAProfile(Map<String, Object> options) {
        Map<String, Object> all = new HashMap<>(options);
        all.put(AbstractSimpleValidator.IGNORE_EMPTY_VALUE, true);
        return all;
    }
}
