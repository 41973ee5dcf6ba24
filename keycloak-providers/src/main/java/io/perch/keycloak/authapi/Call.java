package io.perch.keycloak.authapi;

import io.perch.keycloak.budget.Network;
import io.perch.keycloak.session.UserSessions;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.keycloak.events.Errors;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** One request that has found its call: what Keycloak knows of it, and what came with it. */
final class Call {

    private final KeycloakSession session;
    private final Settings settings;
    private final Origins origins;
    private final ObservedEvent event;
    private final InputStream body;
    private final Map<String, String> variables;

    Call(KeycloakSession session, Settings settings, Origins origins, InputStream body, Map<String, String> variables) {
        this.session = session;
        this.settings = settings;
        this.origins = origins;
        this.event = new ObservedEvent(session);
        this.body = body;
        this.variables = variables;
    }

    KeycloakSession session() {
        return session;
    }

    RealmModel realm() {
        return session.getContext().getRealm();
    }

    Settings settings() {
        return settings;
    }

    /** The one event of this call; further ones are its clones. */
    ObservedEvent event() {
        return event;
    }

    Origins origins() {
        return origins;
    }

    HttpRequest request() {
        return session.getContext().getHttpRequest();
    }

    /**
     * The body's members.
     *
     * @throws ProblemException where the body is no JSON object, or too large
     */
    Fields fields() {
        return Fields.read(body, settings.bodyLimit());
    }

    /**
     * Counts a registration, which tells whether a name or address is taken.
     *
     * @throws ProblemException where the network address has made too many
     */
    void countRegistration() {
        String address = session.getContext().getConnection().getRemoteAddr();
        if (!settings.loopbackExempt() || !Network.isLoopback(address)) {
            countLookUp("network", Network.of(address));
        }
    }

    /**
     * Counts a change of an e-mail address, which tells whether it is taken. It has a budget of its own for each user: nobody
     * else can spend it.
     *
     * @throws ProblemException where the user has made too many
     */
    void countChangeOfAddress(UserModel user) {
        countLookUp("user", user.getId());
    }

    private void countLookUp(String kind, String whose) {
        int wait = settings.lookUps().take(realm().getId(), kind, whose);
        if (wait > 0) {
            event.error(Errors.SLOW_DOWN);
            throw ProblemException.of(
                    Problem.of(ProblemType.TOO_MANY_REQUESTS), HttpHeaders.RETRY_AFTER, Integer.toString(wait));
        }
    }

    /** The sessions of a user. */
    UserSessions sessionsOf(UserModel user) {
        return new UserSessions(session, realm(), user);
    }

    /** Whether the request has an access token, and not a client's secret, in its header Authorization. */
    boolean hasAccessToken() {
        String header = request().getHttpHeaders().getHeaderString(HttpHeaders.AUTHORIZATION);
        return header != null && !header.toLowerCase(Locale.ROOT).startsWith("basic ");
    }

    /** The part of the path that the route names so. */
    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(
                session.getContext().getUri().getQueryParameters().getFirst(name));
    }
}
