package io.perch.keycloak.outbox;

import java.util.ArrayList;
import java.util.List;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;

/** Notes what Keycloak's events tell of users, for the commit of the transaction that they belong to. */
final class UserEventsListener implements EventListenerProvider {

    private final KeycloakSession session;
    private final OutboxOptions options;
    private final Runnable wake;

    UserEventsListener(KeycloakSession session, OutboxOptions options, Runnable wake) {
        this.session = session;
        this.options = options;
        this.wake = wake;
    }

    @Override
    public void onEvent(Event event) {
        orNoCommit(() -> {
            UserEvents events = new UserEvents(session, options.excludedEvents());
            if (event.getRealmId() == null
                    || (!events.isPublished(event) && !EndedByUserEvent.isOne(event.getType()))) {
                return;
            }
            NotedEvent told = events.read(event);
            List<NotedEvent> all = new ArrayList<>();
            if (events.isPublished(event)) {
                all.add(told);
            }
            EndedByUserEvent ended = new EndedByUserEvent(session);
            all.addAll(ended.read(event, told));
            note(all);
            ended.byNewLogin(event, told)
                    .ifPresent(later -> NotedEvents.noteAtCommit(session, options.attributes(), wake, later));
        });
    }

    @Override
    public void onEvent(AdminEvent event, boolean includeRepresentation) {
        orNoCommit(() -> {
            AdminEvents events = new AdminEvents(session);
            note(events.read(event));
            if (events.isOfManyUsers(event)) {
                Resync.restart(session, session.realms().getRealm(event.getRealmId()));
            }
        });
    }

    private void note(List<NotedEvent> events) {
        if (!events.isEmpty()) {
            NotedEvents.note(session, options.attributes(), wake, events);
        }
    }

    // Keycloak catches what a listener throws, and would commit without the event
    private void orNoCommit(Runnable noting) {
        try {
            noting.run();
        } catch (RuntimeException | Error e) {
            session.getTransactionManager().setRollbackOnly();
            throw e;
        }
    }

    @Override
    public void close() {}
}
