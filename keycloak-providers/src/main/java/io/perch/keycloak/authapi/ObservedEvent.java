package io.perch.keycloak.authapi;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;

/**
 * An event of Keycloak's endpoints that remembers its error. Since 26.7.5 the builder sends a copy of its event, so that the
 * error is not in the builder's own event.
 */
final class ObservedEvent extends EventBuilder {

    private @Nullable String error;

    /** An event of this request. */
    ObservedEvent(KeycloakSession session) {
        super(session.getContext().getRealm(), session, session.getContext().getConnection());
    }

    @Override
    public void error(String code) {
        error = code;
        super.error(code);
    }

    /** The last error that was sent; empty where there was none. */
    Optional<String> lastError() {
        return Optional.ofNullable(error);
    }
}
