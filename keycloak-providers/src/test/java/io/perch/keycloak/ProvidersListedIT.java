package io.perch.keycloak;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.emailcode.EmailCodes;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.representations.idm.ConfigPropertyRepresentation;
import org.keycloak.representations.info.ProviderRepresentation;
import org.keycloak.representations.info.SpiInfoRepresentation;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.testframework.annotations.InjectAdminClient;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.remote.runonserver.InjectRunOnServer;
import org.keycloak.testframework.remote.runonserver.RunOnServerClient;

/** What an administrator finds of ours. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
class ProvidersListedIT {

    private static final Set<String> CODE_OPTIONS = Set.of(
            "length",
            "life",
            "attempts",
            "cooldown",
            "mailbox-budget",
            "address-budget",
            "account-budget",
            "guess-budget",
            "loopback-exempt",
            "retries",
            "retry-delay",
            "hash-secret");
    private static final Set<String> NOTICE_OPTIONS = Set.of(
            "email-changed", "credential-changed", "new-device", "devices", "budget", "keep-hours", "retry-delay");

    @InjectAdminClient
    Keycloak admin;

    @InjectRunOnServer(permittedPackages = "io.perch.keycloak")
    RunOnServerClient server;

    @ParameterizedTest
    @CsvSource({
        "authenticator, login-email-code",
        "authenticator, reset-password-code",
        "authenticator, verify-email-code-sign-in",
        "client-policy-executor, perch-first-party-step-up",
        "email-code, default",
        "eventsListener, account-notices",
        "eventsListener, kafka-outbox",
        "eventsListener, legacy-times",
        "jpa-entity-provider, perch-email-code",
        "jpa-entity-provider, perch-notice",
        "jpa-entity-provider, perch-legacy",
        "jpa-entity-provider, perch-outbox",
        "login, perch-headless",
        "password-hashing, bcrypt",
        "password-policy, notCommon",
        "realm-restapi-extension, auth-api",
        "realm-restapi-extension, authorization-challenge",
        "required-action, verify-email-code",
        "storage, legacy-users",
        "validator, phone-number",
        "validator, username-own-email",
        "well-known, perch-oauth-authorization-server",
        "well-known, perch-openid-configuration"
    })
    void theConsoleListsEveryProvider(String spi, String provider) {
        assertNotNull(provider(spi, provider));
    }

    @Test
    void theConsoleOffersThePasswordPolicyByName() {
        assertTrue(admin.serverInfo().getInfo().getPasswordPolicies().stream()
                .anyMatch(policy -> policy.getId().equals("notCommon")
                        && policy.getDisplayName().equals("Not Common")));
    }

    @Test
    void theConsoleShowsTheOptionsThatAreSetAndNoSecret() {
        Map<String, String> codes = provider("email-code", "default").getOperationalInfo();
        assertEquals(CODE_OPTIONS, codes.keySet());
        assertEquals("5", codes.get("attempts"));
        assertEquals("none", codes.get("hash-secret"));
        Map<String, String> notices =
                provider("eventsListener", "account-notices").getOperationalInfo();
        assertEquals(NOTICE_OPTIONS, notices.keySet());
        assertEquals("3", notices.get("devices"));
    }

    @Test
    void everyOptionIsDescribed() {
        assertEquals(CODE_OPTIONS, options(EmailCodes.class, "default"));
        assertEquals(NOTICE_OPTIONS, options(EventListenerProvider.class, "account-notices"));
        assertEquals(
                Set.of(
                        "enabled",
                        "default-client",
                        "body-limit",
                        "fresh-sign-in",
                        "registration-budget",
                        "loopback-exempt",
                        "answer-time"),
                options(RealmResourceProvider.class, "auth-api"));
        assertEquals(
                Set.of("enabled", "body-limit", "look-up-budget", "loopback-exempt"),
                options(RealmResourceProvider.class, "authorization-challenge"));
    }

    @Test
    void theConsoleShowsTheOptionOfTheStepUp() {
        List<ConfigPropertyRepresentation> properties = requireNonNull(admin.serverInfo()
                        .getInfo()
                        .getComponentTypes()
                        .get(ClientPolicyExecutorProvider.class.getName()))
                .stream()
                .filter(executor -> executor.getId().equals("perch-first-party-step-up"))
                .findFirst()
                .orElseThrow()
                .getProperties();
        assertEquals(
                List.of("max-age"),
                properties.stream().map(ConfigPropertyRepresentation::getName).toList());
    }

    private ProviderRepresentation provider(String spi, String provider) {
        SpiInfoRepresentation providers =
                requireNonNull(admin.serverInfo().getInfo().getProviders().get(spi), spi);
        return requireNonNull(providers.getProviders().get(provider), provider);
    }

    private Set<String> options(Class<? extends Provider> type, String provider) {
        return Set.of(server.fetch(
                session ->
                        session
                                .getKeycloakSessionFactory()
                                .getProviderFactory(type, provider)
                                .getConfigMetadata()
                                .stream()
                                .filter(option -> option.getHelpText() != null)
                                .map(ProviderConfigProperty::getName)
                                .toArray(String[]::new),
                String[].class));
    }
}
