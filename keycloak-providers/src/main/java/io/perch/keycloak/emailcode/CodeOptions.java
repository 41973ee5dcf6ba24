package io.perch.keycloak.emailcode;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderConfigurationBuilder;

/**
 * The options of the provider, {@code --spi-email-code--default--<option>}.
 *
 * @param length digits of a code
 * @param life seconds that a code is valid
 * @param attempts wrong guesses that void a code
 * @param cooldown seconds between two mails of one purpose to one user
 * @param mailboxBudget mails an hour to one mailbox
 * @param addressBudget mails an hour for one purpose that unauthenticated requests from one network may cause
 * @param accountBudget mails an hour to unverified addresses that accounts created or used from one network may cause
 * @param guessBudget wrong guesses an hour from one network. Above that, the network can only use codes that it requested itself
 * @param loopbackExempt whether requests from this machine are not limited by the budgets of networks
 * @param retries how often a mail that could not be sent is retried
 * @param retryDelay seconds before the first retry; each further retry waits four times as long
 * @param hashSecret part of the key of the stored hashes, in addition to the realm's own key; empty for none
 */
record CodeOptions(
        int length,
        int life,
        int attempts,
        int cooldown,
        int mailboxBudget,
        int addressBudget,
        int accountBudget,
        int guessBudget,
        boolean loopbackExempt,
        int retries,
        int retryDelay,
        String hashSecret) {

    private static final Logger LOG = Logger.getLogger(CodeOptions.class);

    private static final Option LENGTH = new Option("length", 6, 6, 12, "Digits of a code.");
    private static final Option LIFE = new Option("life", 600, 30, 3600, "Seconds for which a code is valid.");
    private static final Option ATTEMPTS =
            new Option("attempts", 5, 1, 20, "Wrong guesses after which a code is no longer accepted.");
    private static final Option COOLDOWN =
            new Option("cooldown", 60, 0, 3600, "Seconds between two mails of one purpose to one user.");
    private static final Option MAILBOX_BUDGET = new Option(
            "mailbox-budget", 5, 1, SendingBudgets.LARGEST, "Mails of one purpose to one mailbox in an hour.");
    private static final Option ADDRESS_BUDGET = new Option(
            "address-budget",
            20,
            1,
            SendingBudgets.LARGEST,
            "Mails of one purpose that anonymous requests from one network address can cause in an hour.");
    private static final Option ACCOUNT_BUDGET = new Option(
            "account-budget",
            60,
            1,
            SendingBudgets.LARGEST,
            "Mails in an hour to unverified addresses of accounts that were created or used from one network address.");
    private static final Option GUESS_BUDGET = new Option(
            "guess-budget",
            60,
            1,
            100_000,
            "Wrong guesses in an hour from one network address, on each node. After that, this network address can use only"
                    + " codes that it requested itself.");
    private static final String LOOPBACK_EXEMPT = "loopback-exempt";
    private static final Option RETRIES =
            new Option("retries", 3, 0, 10, "How often Keycloak tries again to send a mail.");
    private static final Option RETRY_DELAY = new Option(
            "retry-delay",
            5,
            1,
            300,
            "Seconds before the first retry of a mail. Each further retry waits four times as long.");
    private static final Option TRUST_DAYS =
            new Option("trust-days", 0, 0, 365, "Days for which a user can choose that a browser asks for no code.");
    private static final String HASH_SECRET = "hash-secret";

    /**
     * Reads the options.
     *
     * @throws IllegalArgumentException with an option's name if its value is not allowed
     */
    static CodeOptions of(Config.Scope config) {
        String secret = config.get(HASH_SECRET);
        return new CodeOptions(
                LENGTH.in(config),
                LIFE.in(config),
                ATTEMPTS.in(config),
                COOLDOWN.in(config),
                MAILBOX_BUDGET.in(config),
                ADDRESS_BUDGET.in(config),
                ACCOUNT_BUDGET.in(config),
                GUESS_BUDGET.in(config),
                config.getBoolean(LOOPBACK_EXEMPT, false),
                RETRIES.in(config),
                RETRY_DELAY.in(config),
                secret == null ? "" : secret);
    }

    static List<ProviderConfigProperty> metadata() {
        ProviderConfigurationBuilder properties = ProviderConfigurationBuilder.create();
        for (Option option : List.of(
                LENGTH,
                LIFE,
                ATTEMPTS,
                COOLDOWN,
                MAILBOX_BUDGET,
                ADDRESS_BUDGET,
                ACCOUNT_BUDGET,
                GUESS_BUDGET,
                RETRIES,
                RETRY_DELAY)) {
            properties
                    .property()
                    .name(option.name())
                    .helpText(option.range())
                    .type(ProviderConfigProperty.INTEGER_TYPE)
                    .defaultValue(option.defaultValue())
                    .add();
        }
        return properties
                .property()
                .name(LOOPBACK_EXEMPT)
                .helpText(
                        "Whether requests from this machine have no budget of a network address. For development only:"
                                + " behind a proxy on the same machine, no request would have such a budget.")
                .type(ProviderConfigProperty.BOOLEAN_TYPE)
                .defaultValue(false)
                .add()
                .property()
                .name(HASH_SECRET)
                .helpText("A part of the key of the stored hashes, beside the realm's own key. With it, a copy of the"
                        + " database is not enough to guess codes. It must be the same on all nodes.")
                .type(ProviderConfigProperty.PASSWORD)
                .secret(true)
                .add()
                .build();
    }

    /** Every option with its value, for the admin console. A secret is shown as {@code set} or {@code none}. */
    Map<String, String> shown() {
        Map<String, String> shown = new TreeMap<>();
        shown.put(LENGTH.name(), Integer.toString(length));
        shown.put(LIFE.name(), Integer.toString(life));
        shown.put(ATTEMPTS.name(), Integer.toString(attempts));
        shown.put(COOLDOWN.name(), Integer.toString(cooldown));
        shown.put(MAILBOX_BUDGET.name(), Integer.toString(mailboxBudget));
        shown.put(ADDRESS_BUDGET.name(), Integer.toString(addressBudget));
        shown.put(ACCOUNT_BUDGET.name(), Integer.toString(accountBudget));
        shown.put(GUESS_BUDGET.name(), Integer.toString(guessBudget));
        shown.put(LOOPBACK_EXEMPT, Boolean.toString(loopbackExempt));
        shown.put(RETRIES.name(), Integer.toString(retries));
        shown.put(RETRY_DELAY.name(), Integer.toString(retryDelay));
        shown.put(HASH_SECRET, hashSecret.isEmpty() ? "none" : "set");
        return shown;
    }

    EmailCodes.Format format() {
        return new EmailCodes.Format(length, life);
    }

    /** The form of codes by the configuration of an authenticator. A value that is missing or not allowed is that of the server. */
    static EmailCodes.Format format(Map<String, String> config, EmailCodes.Format server) {
        return new EmailCodes.Format(LENGTH.in(config, server.length()), LIFE.in(config, server.life()));
    }

    /** The days for which a browser can be trusted, by the configuration of an authenticator; 0 if no browser can. */
    static int trustDays(Map<String, String> config) {
        return TRUST_DAYS.in(config, 0);
    }

    /** The options of authenticators. */
    static List<ProviderConfigProperty> ofAuthenticators() {
        ProviderConfigurationBuilder properties = ProviderConfigurationBuilder.create();
        properties
                .property()
                .name(LENGTH.name())
                .label("Length")
                .helpText(LENGTH.range() + " If empty, the server's option.")
                .type(ProviderConfigProperty.STRING_TYPE)
                .add()
                .property()
                .name(LIFE.name())
                .label("Life")
                .helpText(LIFE.range() + " If empty, the server's option.")
                .type(ProviderConfigProperty.STRING_TYPE)
                .add()
                .property()
                .name(TRUST_DAYS.name())
                .label("Days of trust")
                .helpText(TRUST_DAYS.range() + " If empty or 0, the page does not offer it.")
                .type(ProviderConfigProperty.STRING_TYPE)
                .add();
        return properties.build();
    }

    private record Option(String name, int defaultValue, int min, int max, String help) {

        int in(Config.Scope config) {
            String text = config.get(name);
            int value;
            try {
                value = text == null || text.isBlank() ? defaultValue : Integer.parseInt(text.trim());
            } catch (NumberFormatException e) {
                throw wrong(text, e);
            }
            if (value < min || value > max) {
                throw wrong(text, null);
            }
            return value;
        }

        int in(Map<String, String> config, int other) {
            String text = config.get(name);
            if (text == null || text.isBlank()) {
                return other;
            }
            try {
                int value = Integer.parseInt(text.trim());
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // reported below
            }
            LOG.warnf(
                    "email_code_option_ignored option=%s reason=\"not a whole number from %d to %d\"", name, min, max);
            return other;
        }

        String range() {
            return help + " From " + min + " to " + max + ".";
        }

        private IllegalArgumentException wrong(String text, @Nullable NumberFormatException cause) {
            return new IllegalArgumentException(
                    "spi-" + EmailCodesSpi.NAME + "--" + DefaultEmailCodesFactory.PROVIDER_ID + "--" + name + ": \""
                            + text + "\" is not a whole number from " + min + " to " + max,
                    cause);
        }
    }
}
