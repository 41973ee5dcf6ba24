package io.perch.keycloak.outbox;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * One option of the listener.
 *
 * @param type a type of {@link ProviderConfigProperty}
 * @param choices the allowed values; empty if any value is allowed
 * @param min the smallest number that is allowed
 * @param max the largest number that is allowed; 0 if the option is not a number
 */
record Option(String name, String type, String defaultValue, Set<String> choices, int min, int max, String help) {

    static Option text(String name, String defaultValue, String help) {
        return new Option(name, ProviderConfigProperty.STRING_TYPE, defaultValue, Set.of(), 0, 0, help);
    }

    static Option secret(String name, String help) {
        return new Option(name, ProviderConfigProperty.PASSWORD, "", Set.of(), 0, 0, help);
    }

    static Option choice(String name, String defaultValue, Set<String> choices, String help) {
        return new Option(name, ProviderConfigProperty.LIST_TYPE, defaultValue, choices, 0, 0, help);
    }

    static Option number(String name, int defaultValue, int min, int max, String help) {
        return new Option(
                name,
                ProviderConfigProperty.INTEGER_TYPE,
                Integer.toString(defaultValue),
                Set.of(),
                min,
                max,
                help + " From " + min + " to " + max + ".");
    }

    boolean isSecret() {
        return type.equals(ProviderConfigProperty.PASSWORD);
    }

    /**
     * The configured value, or the default if none is configured. The value of a secret may be a {@link VaultExpression}.
     *
     * @param written the text that was written for an option, see {@link WrittenOptions}
     * @throws IllegalArgumentException with the option's name if the value is not allowed, or if a secret was written and has no
     *     value
     */
    String in(Config.Scope config, Function<String, Optional<String>> written) {
        String configured = config.get(name);
        String value = configured == null || configured.isBlank() ? defaultValue : configured.trim();
        if (isSecret() && value.isEmpty()) {
            String text = written.apply(name).map(String::trim).orElse("");
            if (!text.isEmpty() && !VaultExpression.is(text)) {
                // The text itself may have a part of the secret
                throw wrong("", "no secret: it has a ${NAME} for which Keycloak has no value");
            }
            return text;
        }
        if (!choices.isEmpty() && !choices.contains(value)) {
            throw wrong(value, "none of " + new TreeSet<>(choices));
        }
        if (max > 0) {
            checkNumber(value);
        }
        return value;
    }

    private void checkNumber(String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw wrong(value, "not a whole number from " + min + " to " + max);
    }

    IllegalArgumentException wrong(String value, String what) {
        return new IllegalArgumentException(fullName() + ": \"" + value + "\" is " + what);
    }

    /** The name in Keycloak's configuration, without the leading hyphens. */
    String fullName() {
        return "spi-events-listener--" + UserEventsListenerFactory.PROVIDER_ID + "--" + name;
    }

    String shown(String value) {
        return !isSecret() || VaultExpression.is(value) ? value : value.isEmpty() ? "none" : "set";
    }

    void describe(ProviderConfigurationBuilder properties) {
        ProviderConfigurationBuilder.ProviderConfigPropertyBuilder property =
                properties.property().name(name).helpText(help).type(type);
        if (!defaultValue.isEmpty()) {
            property.defaultValue(
                    type.equals(ProviderConfigProperty.INTEGER_TYPE) ? Integer.valueOf(defaultValue) : defaultValue);
        }
        if (!choices.isEmpty()) {
            property.options(List.copyOf(new TreeSet<>(choices)));
        }
        property.secret(isSecret()).add();
    }
}
