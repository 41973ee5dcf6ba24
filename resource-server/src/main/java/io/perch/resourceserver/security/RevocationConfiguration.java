package io.perch.resourceserver.security;

import io.micrometer.core.instrument.MeterRegistry;
import io.perch.resourceserver.events.UserEventLog;
import java.time.Clock;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans that refuse the tokens of ended sessions. */
@Configuration(proxyBeanMethods = false)
class RevocationConfiguration {

    @Bean
    RevokedTokens revokedTokens(RevocationProperties properties) {
        return new RevokedTokens(properties.maxEntries());
    }

    @Bean
    Revocations revocations(
            RevokedTokens revoked,
            RevocationStore store,
            UserEventLog events,
            ApplicationEventPublisher listeners,
            RevocationProperties properties,
            Clock clock,
            MeterRegistry meters) {
        return new Revocations(revoked, store, events, listeners, properties, clock, meters);
    }

    @Bean
    RevokedTokenValidator revokedTokenValidator(
            RevokedTokens revoked, Revocations revocations, RevocationProperties properties, MeterRegistry meters) {
        return new RevokedTokenValidator(revoked, revocations::isReady, properties.longestLife(), meters);
    }

    /** An instance is not ready until it can decide which tokens are revoked. */
    @Bean
    HealthIndicator revocationsHealthIndicator(Revocations revocations) {
        return () -> (revocations.isReady() ? Health.up() : Health.down()).build();
    }
}
