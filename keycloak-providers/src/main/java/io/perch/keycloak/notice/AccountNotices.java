package io.perch.keycloak.notice;

import io.perch.keycloak.mail.MailQueue;
import io.perch.keycloak.notice.Notice.Kind;
import java.util.Map;
import java.util.Objects;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Details;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Stores notices to users, in the transaction of the change. */
final class AccountNotices implements EventListenerProvider {

    private static final Logger LOG = Logger.getLogger(AccountNotices.class);

    private final KeycloakSession session;
    private final NoticeOptions options;
    private final MailQueue mailQueue;
    private final NoticeQueue queue;

    AccountNotices(KeycloakSession session, NoticeOptions options, MailQueue mailQueue, NoticeQueue queue) {
        this.session = session;
        this.options = options;
        this.mailQueue = mailQueue;
        this.queue = queue;
    }

    @Override
    public void onEvent(Event event) {
        if (event.getRealmId() == null || event.getUserId() == null || event.getError() != null) {
            return;
        }
        switch (event.getType()) {
            case UPDATE_EMAIL, UPDATE_PROFILE -> emailChanged(event.clone());
            case UPDATE_CREDENTIAL, REMOVE_CREDENTIAL -> credentialChanged(event.clone());
            case LOGIN -> signedIn(event.clone());
            default -> {
                // No notice for other events
            }
        }
    }

    @Override
    public void onEvent(AdminEvent event, boolean includeRepresentation) {
        // Administrators inform users about their own changes
    }

    @Override
    public void close() {}

    private void emailChanged(Event event) {
        String previous = detail(event, Details.PREVIOUS_EMAIL);
        String updated = detail(event, Details.UPDATED_EMAIL);
        if (!options.emailChanged() || Objects.equals(previous, updated)) {
            return;
        }
        String language = language();
        if (previous != null && wasVerified(event, previous)) {
            queue.add(session, new Notice(Kind.EMAIL_CHANGED, event, previous, Map.of(), language));
        }
        queue.add(session, new Notice(Kind.EMAIL_CHANGED, event, null, Map.of(), language));
    }

    private void credentialChanged(Event event) {
        if (options.credentialChanged()) {
            queue.add(session, new Notice(Kind.CREDENTIAL_CHANGED, event, null, Map.of(), language()));
        }
    }

    private void signedIn(Event event) {
        if (!options.newDevice()) {
            return;
        }
        Device device = Device.in(session);
        Notice notice = new Notice(
                Kind.NEW_DEVICE,
                event,
                null,
                Map.of("browser", device.browser(), "system", device.system()),
                language());
        mailQueue.afterCommit(session, () -> storeDevice(notice, device));
    }

    private void storeDevice(Notice notice, Device device) {
        Event event = notice.event();
        try {
            KeycloakModelUtils.runJobInTransaction(session.getKeycloakSessionFactory(), inner -> {
                RealmModel realm = inner.realms().getRealm(event.getRealmId());
                if (realm == null) {
                    return;
                }
                inner.getContext().setRealm(realm);
                if (inner.users().getUserById(realm, event.getUserId()) != null
                        && new KnownDevices(inner, realm, options.devices()).add(event.getUserId(), device)) {
                    queue.add(inner, notice);
                }
            });
        } catch (ModelException e) {
            LOG.debugf("Of two sign-ins at once the other one has noted the device: %s", e.getMessage());
        }
    }

    // Read in another transaction: this one has already changed the address and removed its verification
    private boolean wasVerified(Event event, String email) {
        return KeycloakModelUtils.runJobInTransactionWithResult(session.getKeycloakSessionFactory(), inner -> {
            RealmModel realm = inner.realms().getRealm(event.getRealmId());
            inner.getContext().setRealm(realm);
            UserModel user = inner.users().getUserById(realm, event.getUserId());
            return user != null && user.isEmailVerified() && isSame(email, user.getEmail());
        });
    }

    // Keycloak stores lower case. equalsIgnoreCase compares upper case too, and so takes a dotless i for an i
    private static boolean isSame(String address, @Nullable String stored) {
        return KeycloakModelUtils.toLowerCaseSafe(address).equals(KeycloakModelUtils.toLowerCaseSafe(stored));
    }

    private String language() {
        return session.getContext().resolveLocale(null).toLanguageTag();
    }

    private static @Nullable String detail(Event event, String name) {
        return event.getDetails() == null ? null : event.getDetails().get(name);
    }
}
