package io.perch.keycloak.notice;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * The options of the listener, {@code --spi-events-listener--account-notices--<option>}.
 *
 * @param emailChanged whether there are notices about a changed address
 * @param credentialChanged whether there are notices about a changed or removed credential
 * @param newDevice whether there are notices about a sign-in from a new device
 * @param devices the most devices stored for a user; the least recently used one is removed first
 * @param budget the most notices of one kind that a user gets in an hour
 * @param keepHours hours during which a notice that could not be sent is retried
 * @param retryDelay seconds before the first retry; each further retry waits four times as long, up to an hour
 */
record NoticeOptions(
        boolean emailChanged,
        boolean credentialChanged,
        boolean newDevice,
        int devices,
        int budget,
        int keepHours,
        int retryDelay) {

    private static final String EMAIL_CHANGED = "email-changed";
    private static final String CREDENTIAL_CHANGED = "credential-changed";
    private static final String NEW_DEVICE = "new-device";
    private static final Amount DEVICES = new Amount("devices", 20, 1, 100, "Devices that are stored for a user.");
    private static final Amount BUDGET =
            new Amount("budget", 5, 1, 100, "Notices of one kind that a user gets in an hour.");
    private static final Amount KEEP_HOURS =
            new Amount("keep-hours", 72, 1, 720, "Hours for which Keycloak tries again to send a notice.");
    private static final Amount RETRY_DELAY = new Amount(
            "retry-delay",
            5,
            1,
            300,
            "Seconds before the first retry of a mail. Each further retry waits four times as long, up to an hour.");

    /**
     * Reads the options.
     *
     * @throws IllegalArgumentException with an option's name if its value is not allowed
     */
    static NoticeOptions of(Config.Scope config) {
        return new NoticeOptions(
                config.getBoolean(EMAIL_CHANGED, true),
                config.getBoolean(CREDENTIAL_CHANGED, true),
                config.getBoolean(NEW_DEVICE, true),
                DEVICES.in(config),
                BUDGET.in(config),
                KEEP_HOURS.in(config),
                RETRY_DELAY.in(config));
    }

    static List<ProviderConfigProperty> metadata() {
        ProviderConfigurationBuilder properties = ProviderConfigurationBuilder.create();
        addSwitch(
                properties,
                EMAIL_CHANGED,
                "Whether users get a mail when their e-mail address was changed. The old address gets it too if it was verified.");
        addSwitch(
                properties,
                CREDENTIAL_CHANGED,
                "Whether users get a mail when a password, an authenticator app or a passkey was changed or removed.");
        addSwitch(properties, NEW_DEVICE, "Whether users get a mail after a sign-in from a new device.");
        for (Amount amount : List.of(DEVICES, BUDGET, KEEP_HOURS, RETRY_DELAY)) {
            properties
                    .property()
                    .name(amount.name())
                    .helpText(amount.help() + " From " + amount.min() + " to " + amount.max() + ".")
                    .type(ProviderConfigProperty.INTEGER_TYPE)
                    .defaultValue(amount.defaultValue())
                    .add();
        }
        return properties.build();
    }

    /** Every option with its value, for the admin console. */
    Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>();
        shown.put(EMAIL_CHANGED, Boolean.toString(emailChanged));
        shown.put(CREDENTIAL_CHANGED, Boolean.toString(credentialChanged));
        shown.put(NEW_DEVICE, Boolean.toString(newDevice));
        shown.put(DEVICES.name(), Integer.toString(devices));
        shown.put(BUDGET.name(), Integer.toString(budget));
        shown.put(KEEP_HOURS.name(), Integer.toString(keepHours));
        shown.put(RETRY_DELAY.name(), Integer.toString(retryDelay));
        return shown;
    }

    private static void addSwitch(ProviderConfigurationBuilder properties, String name, String help) {
        properties
                .property()
                .name(name)
                .helpText(help)
                .type(ProviderConfigProperty.BOOLEAN_TYPE)
                .defaultValue(true)
                .add();
    }

    private record Amount(String name, int defaultValue, int min, int max, String help) {

        int in(Config.Scope config) {
            int value = config.getInt(name, defaultValue);
            if (value < min || value > max) {
                throw new IllegalArgumentException("spi-events-listener--" + AccountNoticesFactory.PROVIDER_ID + "--"
                        + name + ": " + value + " is not a whole number from " + min + " to " + max);
            }
            return value;
        }
    }
}
