package io.perch.keycloak.legacy;

import io.perch.keycloak.request.AnswerTime;
import org.jspecify.annotations.Nullable;
import org.keycloak.Config;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventListenerProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** The event listener {@code legacy-times}, which is active in every realm. */
public final class RefusalTimeEqualizerFactory implements EventListenerProviderFactory {

    /** The listener's name. */
    public static final String PROVIDER_ID = "legacy-times";

    private final HashTimes times = new HashTimes();

    /**
     * The listener of the session of this thread's request. Keycloak sends errors in another session, with other listeners, while that
     * one is open.
     */
    private static final ThreadLocal<@Nullable RefusalTimeEqualizer> OUTERMOST = new ThreadLocal<>();

    @Override
    public EventListenerProvider create(KeycloakSession session) {
        @Nullable RefusalTimeEqualizer outer = OUTERMOST.get();
        boolean inner = outer != null && outer.isOpen();
        RefusalTimeEqualizer listener =
                new RefusalTimeEqualizer(session, times, inner ? outer.answerTime() : new AnswerTime(), this::closed);
        if (!inner) {
            OUTERMOST.set(listener);
            // Keycloak does not close the listeners that it creates for events of administrators
            session.enlistForClose(listener);
        }
        return listener;
    }

    private void closed(RefusalTimeEqualizer listener) {
        if (OUTERMOST.get() == listener) {
            OUTERMOST.remove();
        }
    }

    @Override
    public boolean isGlobal() {
        return true;
    }

    @Override
    public String getId() {
        return PROVIDER_ID;
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
