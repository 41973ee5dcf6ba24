package io.perch.keycloak.authapi;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;

/**
 * An event of Keycloak's endpoints that stores its last error, and can hold one error back. Since Keycloak 26.7.5 the builder sends
 * a copy of its event. Therefore the error is not in the builder's own event.
 */
final class ObservedEvent extends EventBuilder {

    private @Nullable String error;
    private @Nullable String heldBack;

    /** An event of this request. */
    ObservedEvent(KeycloakSession session) {
        super(session.getContext().getRealm(), session, session.getContext().getConnection());
    }

    @Override
    public void error(String code) {
        error = code;
        if (!code.equals(heldBack)) {
            super.error(code);
        }
    }

    /** Does not send this error if it occurs. The caller then retries, or sends it by {@link #sendHeldBack}. */
    void holdBack(String code) {
        error = null;
        heldBack = code;
    }

    /** Sends the error that was held back. */
    void sendHeldBack() {
        heldBack = null;
        lastError().ifPresent(super::error);
    }

    /** The last error, sent or held back; empty if there was none. */
    Optional<String> lastError() {
        return Optional.ofNullable(error);
    }
}
