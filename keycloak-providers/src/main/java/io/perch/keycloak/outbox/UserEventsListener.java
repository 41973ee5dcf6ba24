package io.perch.keycloak.outbox;

import java.util.ArrayList;
import java.util.List;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;

/** Reads Keycloak's events and adds what must be published to the transaction that they belong to. */
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
        rollBackOnFailure(() -> {
            UserEvents events = new UserEvents(session, options.excludedEvents());
            if (event.getRealmId() == null
                    || (!events.isPublished(event) && !TokenEndsByUserEvent.mayEnd(event.getType()))) {
                return;
            }
            OutboxEvent userEvent = events.read(event);
            List<OutboxEvent> all = new ArrayList<>();
            if (events.isPublished(event)) {
                all.add(userEvent);
            }
            TokenEndsByUserEvent ended = new TokenEndsByUserEvent(session);
            all.addAll(ended.read(event, userEvent));
            publish(all);
            ended.byNewLogin(event, userEvent)
                    .ifPresent(later -> TransactionEvents.addAtCommit(session, options.attributes(), wake, later));
        });
    }

    @Override
    public void onEvent(AdminEvent event, boolean includeRepresentation) {
        rollBackOnFailure(() -> {
            AdminEvents events = new AdminEvents(session);
            publish(events.read(event));
            if (events.isOfManyUsers(event)) {
                Resync.restart(session, session.realms().getRealm(event.getRealmId()));
            }
        });
    }

    private void publish(List<OutboxEvent> events) {
        if (!events.isEmpty()) {
            TransactionEvents.add(session, options.attributes(), wake, events);
        }
    }

    // Keycloak catches exceptions of a listener, and would commit without the event
    private void rollBackOnFailure(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            session.getTransactionManager().setRollbackOnly();
            throw e;
        }
    }

    @Override
    public void close() {}
}
