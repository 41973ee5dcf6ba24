package io.perch.keycloak.emailcode;

import io.perch.keycloak.mail.MailQueue;
import io.perch.keycloak.mail.MailSender;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.keycloak.Config;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ServerInfoAwareProviderFactory;

/** Reads the options and has what all sessions share: the mail queue and the budgets of requests. */
public final class DefaultEmailCodesFactory implements EmailCodesFactory, ServerInfoAwareProviderFactory {

    /** The provider id in the options. */
    public static final String PROVIDER_ID = "default";

    private static final Duration PURGE_PERIOD = Duration.ofHours(1);

    private final MailQueue mailQueue = new MailQueue("email-code");

    @SuppressWarnings("NullAway.Init") // Keycloak calls init first
    private CodeOptions options;

    @SuppressWarnings("NullAway.Init") // Keycloak calls init first
    private RequestBudgets requests;

    @SuppressWarnings("NullAway.Init") // Keycloak calls postInit before create
    private MailSender mailSender;

    @SuppressWarnings("NullAway.Init") // Keycloak calls postInit before create
    private CodeMetrics metrics;

    @Override
    public EmailCodes create(KeycloakSession session) {
        return new DefaultEmailCodes(session, options, requests, mailQueue, mailSender, metrics);
    }

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public void init(Config.Scope config) {
        options = CodeOptions.of(config);
        requests = new RequestBudgets(options);
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        mailSender = new MailSender(factory, mailQueue, options.retries(), options.retryDelay());
        metrics = new CodeMetrics();
        mailQueue.metrics().waiting(mailQueue::waiting);
        mailQueue.every(
                PURGE_PERIOD,
                () -> KeycloakModelUtils.runJobInTransaction(
                        factory,
                        session -> CodeStore.purge(
                                session.getProvider(JpaConnectionProvider.class).getEntityManager(), options)));
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        return CodeOptions.metadata();
    }

    @Override
    public Map<String, String> getOperationalInfo() {
        return options.shown();
    }

    @Override
    public void close() {
        mailQueue.close();
    }
}
