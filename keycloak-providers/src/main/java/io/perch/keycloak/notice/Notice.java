package io.perch.keycloak.notice;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.email.freemarker.beans.EventBean;
import org.keycloak.events.Event;
import org.keycloak.locale.LocaleSelectorProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.utils.StringUtil;

/**
 * A mail about an event.
 *
 * @param address the recipient; null for the user's own address, if that is verified
 * @param attributes values for the template, in addition to the event
 * @param language the language tag of the request, for users without a language in their account
 */
record Notice(Kind kind, Event event, @Nullable String address, Map<String, String> attributes, String language) {

    enum Kind {
        EMAIL_CHANGED,
        CREDENTIAL_CHANGED,
        NEW_DEVICE
    }

    /**
     * Sends the notice.
     *
     * @param session a session for this mail only, without a realm
     * @return false if there is no recipient any more
     * @throws EmailException if the mail could not be sent
     */
    boolean send(KeycloakSession session) throws EmailException {
        RealmModel realm = session.realms().getRealm(event.getRealmId());
        if (realm == null) {
            return false;
        }
        session.getContext().setRealm(realm);
        UserModel user = session.users().getUserById(realm, event.getUserId());
        String to = user == null ? null : recipient(user);
        if (user == null || to == null) {
            return false;
        }
        if (user.getFirstAttribute(UserModel.LOCALE) == null) {
            session.setAttribute(LocaleSelectorProvider.USER_REQUEST_LOCALE, language);
        }
        EmailTemplateProvider mail =
                session.getProvider(EmailTemplateProvider.class).setRealm(realm).setUser(user);
        switch (kind) {
            case EMAIL_CHANGED -> mail.send("noticeEmailChangedSubject", "event-update_email.ftl", all(), to);
            case CREDENTIAL_CHANGED -> mail.sendEvent(event);
            case NEW_DEVICE -> mail.send("noticeNewDeviceSubject", "notice-new-device.ftl", all(), to);
        }
        return true;
    }

    /** For logs: without the address. */
    @Override
    public String toString() {
        return "notice=" + kind.name().toLowerCase(Locale.ROOT) + " realm_id=" + event.getRealmId() + " user_id="
                + event.getUserId();
    }

    private @Nullable String recipient(UserModel user) {
        if (address != null) {
            return address;
        }
        return user.isEmailVerified() && !StringUtil.isBlank(user.getEmail()) ? user.getEmail() : null;
    }

    private Map<String, Object> all() {
        Map<String, Object> all = new HashMap<>(attributes);
        all.put("event", new EventBean(event));
        return all;
    }
}
