package io.perch.keycloak.outbox;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * One option of the listener.
 *
 * @param type one of {@link ProviderConfigProperty}'s
 * @param choices what it may be; empty for anything
 */
record Option(String name, String type, String standard, Set<String> choices, int least, int most, String help) {

    static Option text(String name, String standard, String help) {
        return new Option(name, ProviderConfigProperty.STRING_TYPE, standard, Set.of(), 0, 0, help);
    }

    static Option secret(String name, String help) {
        return new Option(name, ProviderConfigProperty.PASSWORD, "", Set.of(), 0, 0, help);
    }

    static Option choice(String name, String standard, Set<String> choices, String help) {
        return new Option(name, ProviderConfigProperty.LIST_TYPE, standard, choices, 0, 0, help);
    }

    static Option number(String name, int standard, int least, int most, String help) {
        return new Option(
                name,
                ProviderConfigProperty.INTEGER_TYPE,
                Integer.toString(standard),
                Set.of(),
                least,
                most,
                help + " From " + least + " to " + most + ".");
    }

    /** What is set, or else the standard; throws IllegalArgumentException with the name where it is wrong. */
    String in(Config.Scope config) {
        String set = config.get(name);
        String value = set == null || set.isBlank() ? standard : set.trim();
        if (!choices.isEmpty() && !choices.contains(value)) {
            throw wrong(value, "none of " + new TreeSet<>(choices));
        }
        if (most > 0) {
            checkNumber(value);
        }
        return value;
    }

    private void checkNumber(String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw wrong(value, "no whole number from " + least + " to " + most);
    }

    IllegalArgumentException wrong(String value, String what) {
        return new IllegalArgumentException("spi-events-listener--" + UserEventsListenerFactory.PROVIDER_ID + "--"
                + name + ": \"" + value + "\" is " + what);
    }

    String shown(String value) {
        return type.equals(ProviderConfigProperty.PASSWORD) ? (value.isEmpty() ? "none" : "set") : value;
    }

    void describe(ProviderConfigurationBuilder properties) {
        ProviderConfigurationBuilder.ProviderConfigPropertyBuilder property =
                properties.property().name(name).helpText(help).type(type);
        if (!standard.isEmpty()) {
            property.defaultValue(
                    type.equals(ProviderConfigProperty.INTEGER_TYPE) ? Integer.valueOf(standard) : standard);
        }
        if (!choices.isEmpty()) {
            property.options(List.copyOf(new TreeSet<>(choices)));
        }
        property.secret(type.equals(ProviderConfigProperty.PASSWORD)).add();
    }
}
