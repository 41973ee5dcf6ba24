package io.perch.keycloak.notice;

import io.perch.keycloak.mail.MailQueue;
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

/** The event listener {@code account-notices}, which a realm activates in its event settings. */
public final class AccountNoticesFactory implements EventListenerProviderFactory, ServerInfoAwareProviderFactory {

    /** The listener's name in realms. */
    public static final String PROVIDER_ID = "account-notices";

    private final MailQueue mailQueue = new MailQueue("account-notices");

    @SuppressWarnings("NullAway.Init") // Keycloak calls init first
    private NoticeOptions options;

    @SuppressWarnings("NullAway.Init") // Keycloak calls postInit before create
    private NoticeQueue queue;

    @Override
    public EventListenerProvider create(KeycloakSession session) {
        return new AccountNotices(session, options, mailQueue, queue);
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
        queue = new NoticeQueue(factory, mailQueue, options);
        queue.start();
        factory.register(AccountNoticesFactory::deleteRows);
    }

    private static void deleteRows(ProviderEvent event) {
        if (event instanceof UserRemovedEvent removed) {
            KeycloakSession session = removed.getKeycloakSession();
            String realmId = removed.getRealm().getId();
            String userId = removed.getUser().getId();
            KnownDevices.deleteOfUser(session, realmId, userId);
            NoticeQueue.deleteOfUser(session, realmId, userId);
        } else if (event instanceof RealmRemovedEvent removed) {
            KeycloakSession session = removed.getKeycloakSession();
            String realmId = removed.getRealm().getId();
            KnownDevices.deleteOfRealm(session, realmId);
            NoticeQueue.deleteOfRealm(session, realmId);
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
