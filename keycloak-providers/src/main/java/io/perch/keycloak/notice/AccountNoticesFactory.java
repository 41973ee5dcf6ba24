package io.perch.keycloak.notice;

import io.perch.keycloak.mail.MailQueue;
import io.perch.keycloak.mail.MailSender;
import java.util.List;
import java.util.Map;
import org.keycloak.Config;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel.RealmRemovedEvent;
import org.keycloak.models.UserModel.UserRemovedEvent;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.provider.ProviderEvent;
import org.keycloak.provider.ServerInfoAwareProviderFactory;

/** The event listener {@code account-notices}, which a realm names among its listeners. */
public final class AccountNoticesFactory implements EventListenerProviderFactory, ServerInfoAwareProviderFactory {

    /** The listener's name in realms. */
    public static final String PROVIDER_ID = "account-notices";

    private final MailQueue mailQueue = new MailQueue("account-notices");

    @SuppressWarnings("NullAway.Init") // Keycloak calls init first
    private NoticeOptions options;

    @SuppressWarnings("NullAway.Init") // Keycloak calls postInit before create
    private MailSender mailSender;

    @Override
    public EventListenerProvider create(KeycloakSession session) {
        return new AccountNotices(session, options, mailQueue, mailSender);
    }

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public void init(Config.Scope config) {
        options = NoticeOptions.of(config);
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        mailSender = new MailSender(factory, mailQueue, options.retries(), options.retryDelay());
        factory.register(AccountNoticesFactory::forget);
    }

    private static void forget(ProviderEvent event) {
        if (event instanceof UserRemovedEvent removed) {
            KnownDevices.forgetUser(
                    removed.getKeycloakSession(),
                    removed.getRealm().getId(),
                    removed.getUser().getId());
        } else if (event instanceof RealmRemovedEvent removed) {
            KnownDevices.forgetRealm(
                    removed.getKeycloakSession(), removed.getRealm().getId());
        }
    }

    @Override
    public List<ProviderConfigProperty> getConfigMetadata() {
        return NoticeOptions.metadata();
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
