package io.perch.keycloak.emailcode;

import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.mail.Mail;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.locale.LocaleSelectorProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** The mail with a code. An event records that it was sent, or that it could not be sent. */
record CodeMail(IssuedCode issued, CodeOptions options, CodeMetrics metrics) implements Mail {

    /** The event detail with the purpose of a code. */
    static final String PURPOSE_DETAIL = "code_purpose";

    @Override
    public boolean send(KeycloakSession session) throws EmailException {
        RealmModel realm = session.realms().getRealm(issued.realmId());
        if (realm == null) {
            return false;
        }
        session.getContext().setRealm(realm);
        UserModel user = session.users().getUserById(realm, issued.userId());
        if (user == null || !isCurrent(session, realm)) {
            return false;
        }
        EventBuilder event = event(session, realm);
        send(session, realm, user);
        event.success();
        metrics.sent(issued.purpose());
        return true;
    }

    @Override
    public void givenUp(KeycloakSession session, EmailException reason) {
        event(session, session.getContext().getRealm())
                .detail(Details.REASON, reason.getMessage())
                .error(Errors.EMAIL_SEND_FAILED);
    }

    /** Without the code, because a code must not appear in a log. */
    @Override
    public String toString() {
        return issued.toString();
    }

    private boolean isCurrent(KeycloakSession session, RealmModel realm) {
        return new CodeStore(session, realm, options)
                .isCurrent(issued.userId(), issued.purpose(), issued.binding(), issued.issueId());
    }

    private void send(KeycloakSession session, RealmModel realm, UserModel user) throws EmailException {
        // The language in the user's account has priority over the language of this request
        if (user.getFirstAttribute(UserModel.LOCALE) == null) {
            session.setAttribute(
                    LocaleSelectorProvider.USER_REQUEST_LOCALE, issued.origin().language());
        }
        String purpose = keyPart(issued.purpose());
        Map<String, Object> attributes = new HashMap<>();
        attributes.put("code", issued.code());
        attributes.put("purpose", purpose);
        attributes.put("minutes", Math.max(1, issued.life() / 60));
        attributes.put("link", link(realm).orElse(""));
        session.getProvider(EmailTemplateProvider.class)
                .setRealm(realm)
                .setUser(user)
                .send("emailCodeSubject-" + purpose, "email-code.ftl", attributes, issued.email());
    }

    private Optional<String> link(RealmModel realm) {
        return issued.purpose() == Purpose.RESET_PASSWORD
                ? ResetLink.in(realm, new MailedCode(issued.email(), issued.code()))
                : Optional.empty();
    }

    /** A purpose as it is written in message keys, such as {@code verify-email}. */
    static String keyPart(Purpose purpose) {
        return purpose.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private EventBuilder event(KeycloakSession session, RealmModel realm) {
        @Nullable String clientId = issued.origin().clientId();
        EventBuilder event = new EventBuilder(realm, session)
                .event(
                        issued.purpose() == Purpose.RESET_PASSWORD
                                ? EventType.SEND_RESET_PASSWORD
                                : EventType.SEND_VERIFY_EMAIL)
                .user(issued.userId())
                .detail(Details.EMAIL, issued.email())
                .detail(PURPOSE_DETAIL, keyPart(issued.purpose()));
        if (clientId != null) {
            event.client(clientId);
        }
        if (issued.origin().address() != null) {
            event.ipAddress(issued.origin().address());
        }
        return event;
    }
}
