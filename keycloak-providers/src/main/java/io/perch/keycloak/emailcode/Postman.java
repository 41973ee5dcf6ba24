package io.perch.keycloak.emailcode;

import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.email.EmailException;
import org.keycloak.email.EmailTemplateProvider;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.locale.LocaleSelectorProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/** Brings letters to the mail server, again where that fails, and tells the administrator by an event what came of it. */
final class Postman {

    /** The event detail that says what a code is good for. */
    static final String PURPOSE_DETAIL = "code_purpose";

    private static final Logger LOG = Logger.getLogger(Postman.class);

    private final KeycloakSessionFactory sessions;
    private final PostRoom postRoom;
    private final CodeOptions options;

    Postman(KeycloakSessionFactory sessions, PostRoom postRoom, CodeOptions options) {
        this.sessions = sessions;
        this.postRoom = postRoom;
        this.options = options;
    }

    void deliver(Letter letter) {
        deliver(letter, 0);
    }

    private void deliver(Letter letter, int failures) {
        KeycloakModelUtils.runJobInTransaction(sessions, session -> {
            RealmModel realm = session.realms().getRealm(letter.realmId());
            if (realm == null) {
                return;
            }
            session.getContext().setRealm(realm);
            UserModel user = session.users().getUserById(realm, letter.userId());
            if (user == null || !isCurrent(session, realm, letter)) {
                return;
            }
            EventBuilder event = event(session, realm, letter);
            try {
                send(session, realm, user, letter);
                event.success();
            } catch (EmailException e) {
                if (failures < options.retries()) {
                    LOG.debugf("E-mail code not sent, is tried again: %s: %s", letter, e.getMessage());
                    postRoom.in(delay(failures), () -> deliver(letter, failures + 1));
                } else {
                    LOG.errorf(e, "E-mail code not sent, given up after %d failures: %s", failures + 1, letter);
                    event.detail(Details.REASON, e.getMessage()).error(Errors.EMAIL_SEND_FAILED);
                }
            }
        });
    }

    private boolean isCurrent(KeycloakSession session, RealmModel realm, Letter letter) {
        return new CodeStore(session, realm, options).isCurrent(letter.userId(), letter.purpose(), letter.issueId());
    }

    private Duration delay(int failures) {
        return Duration.ofSeconds(options.retryDelay() * (1L << (2 * failures)));
    }

    private void send(KeycloakSession session, RealmModel realm, UserModel user, Letter letter) throws EmailException {
        // A language that the user chose for good goes before the one of this request
        if (user.getFirstAttribute(UserModel.LOCALE) == null) {
            session.setAttribute(
                    LocaleSelectorProvider.USER_REQUEST_LOCALE, letter.asker().language());
        }
        String purpose = keyPart(letter.purpose());
        Map<String, Object> attributes = new HashMap<>();
        attributes.put("code", letter.code());
        attributes.put("purpose", purpose);
        attributes.put("minutes", options.minutes());
        session.getProvider(EmailTemplateProvider.class)
                .setRealm(realm)
                .setUser(user)
                .send("emailCodeSubject-" + purpose, "email-code.ftl", attributes, letter.email());
    }

    /** A purpose as message keys spell it, {@code verify-email}. */
    static String keyPart(Purpose purpose) {
        return purpose.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static EventBuilder event(KeycloakSession session, RealmModel realm, Letter letter) {
        @Nullable String clientId = letter.asker().clientId();
        EventBuilder event = new EventBuilder(realm, session)
                .event(
                        letter.purpose() == Purpose.RESET_PASSWORD
                                ? EventType.SEND_RESET_PASSWORD
                                : EventType.SEND_VERIFY_EMAIL)
                .user(letter.userId())
                .detail(Details.EMAIL, letter.email())
                .detail(PURPOSE_DETAIL, keyPart(letter.purpose()));
        if (clientId != null) {
            event.client(clientId);
        }
        if (letter.asker().address() != null) {
            event.ipAddress(letter.asker().address());
        }
        return event;
    }
}
