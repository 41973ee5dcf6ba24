package io.perch.keycloak.outbox;

import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.services.resources.KeycloakApplication;

/**
 * The health check of the relay, at {@code /health/live}. It is down only if a restart would help. It stays up if Kafka or the
 * database is not available.
 */
@Liveness
public final class RelayHealth implements HealthCheck {

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("Outbox relay");
        Optional<Relay.Health> health = health();
        health.ifPresent(relay -> {
            response.withData("leading", relay.isLeading()).withData("failures_in_a_row", relay.failures());
            relay.missingSecret().ifPresent(option -> response.withData("missing_secret", option));
        });
        return response.status(health.map(Relay.Health::isAlive).orElse(true)).build();
    }

    private static Optional<Relay.Health> health() {
        KeycloakSessionFactory sessions = KeycloakApplication.getSessionFactory();
        return sessions != null
                        && sessions.getProviderFactory(
                                        EventListenerProvider.class, UserEventsListenerFactory.PROVIDER_ID)
                                instanceof UserEventsListenerFactory factory
                ? factory.health()
                : Optional.empty();
    }
}
