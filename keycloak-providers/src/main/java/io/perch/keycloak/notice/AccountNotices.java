package io.perch.keycloak.notice;

import io.perch.keycloak.mail.MailQueue;
import io.perch.keycloak.mail.MailSender;
import io.perch.keycloak.notice.Notice.Kind;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.Details;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.utils.StringUtil;

/** Takes a note of what a user is to be told, for after the commit. */
final class AccountNotices implements EventListenerProvider {

    private final KeycloakSession session;
    private final NoticeOptions options;
    private final MailQueue mailQueue;
    private final MailSender mailSender;

    AccountNotices(KeycloakSession session, NoticeOptions options, MailQueue mailQueue, MailSender mailSender) {
        this.session = session;
        this.options = options;
        this.mailQueue = mailQueue;
        this.mailSender = mailSender;
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
                // nothing that a user must know of
            }
        }
    }

    @Override
    public void onEvent(AdminEvent event, boolean includeRepresentation) {
        // what an administrator does is the administrator's to tell
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
        if (!StringUtil.isBlank(previous)) {
            later(new Notice(Kind.EMAIL_CHANGED, event, previous, Map.of(), language));
        }
        later(new Notice(Kind.EMAIL_CHANGED, event, null, Map.of(), language));
    }

    private void credentialChanged(Event event) {
        if (options.credentialChanged()) {
            later(new Notice(Kind.CREDENTIAL_CHANGED, event, null, Map.of(), language()));
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
        mailQueue.afterCommit(session, () -> {
            if (isNews(event, device)) {
                mailSender.deliver(notice);
            }
        });
    }

    private boolean isNews(Event event, Device device) {
        try {
            return KeycloakModelUtils.runJobInTransactionWithResult(session.getKeycloakSessionFactory(), inner -> {
                RealmModel realm = inner.realms().getRealm(event.getRealmId());
                if (realm == null) {
                    return false;
                }
                inner.getContext().setRealm(realm);
                return inner.users().getUserById(realm, event.getUserId()) != null
                        && new KnownDevices(inner, realm, options.devices()).isNews(event.getUserId(), device);
            });
        } catch (ModelException e) {
            // Of two sign-ins at once the other has the row, and tells
            return false;
        }
    }

    private void later(Notice notice) {
        mailQueue.afterCommit(session, () -> mailSender.deliver(notice));
    }

    private String language() {
        return session.getContext().resolveLocale(null).toLanguageTag();
    }

    private static @Nullable String detail(Event event, String name) {
        return event.getDetails() == null ? null : event.getDetails().get(name);
    }
}
