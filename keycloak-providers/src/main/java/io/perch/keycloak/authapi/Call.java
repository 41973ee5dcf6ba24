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

/** One request to the API: Keycloak's session for it, its body and the variables of its path. */
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

    /** The event of this call. Other events of the call are clones of it. */
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
     * @throws ProblemException if the body is not a JSON object, or too large
     */
    Fields fields() {
        return Fields.read(body, settings.bodyLimit());
    }

    /**
     * Counts a registration, because its answer shows whether a name or address is taken.
     *
     * @throws ProblemException if the network address has made too many
     */
    void countRegistration() {
        String address = session.getContext().getConnection().getRemoteAddr();
        if (!settings.loopbackExempt() || !Network.isLoopback(address)) {
            countLookup("network", Network.of(address));
        }
    }

    /**
     * Counts a change of an e-mail address, because its answer shows whether the address is taken. Each user has a separate budget,
     * so that no other user can spend it.
     *
     * @throws ProblemException if the user has made too many
     */
    void countChangeOfAddress(UserModel user) {
        countLookup("user", user.getId());
    }

    private void countLookup(String kind, String key) {
        int wait = settings.lookups().take(realm().getId(), kind, key);
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

    /** Whether the header Authorization has an access token and not a client's credentials. */
    boolean hasAccessToken() {
        String header = request().getHttpHeaders().getHeaderString(HttpHeaders.AUTHORIZATION);
        return header != null && !header.toLowerCase(Locale.ROOT).startsWith("basic ");
    }

    /** The value of a path variable; empty if the route has no such variable. */
    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    Optional<String> query(String name) {
        return Optional.ofNullable(
                session.getContext().getUri().getQueryParameters().getFirst(name));
    }
}
