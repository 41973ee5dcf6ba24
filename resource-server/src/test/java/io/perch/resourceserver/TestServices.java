package io.perch.resourceserver;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.crypto.Keysets;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/** Starts what the server needs before it starts, and stops it when the server has stopped. */
class TestServices implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        MongoServer mongo = new MongoServer(new MemoryBackend());
        mongo.bind("127.0.0.1", 0);
        EmbeddedKafkaKraftBroker kafka = new EmbeddedKafkaKraftBroker(1, 1);
        kafka.afterPropertiesSet();
        AuthorizationServer authorizationServer = AuthorizationServer.start();

        context.getBeanFactory().registerSingleton("authorizationServer", authorizationServer);
        context.getBeanFactory().registerSingleton("mongoServer", mongo);
        TestPropertyValues.of(
                        "MONGO_URI=mongodb://127.0.0.1:"
                                + mongo.getLocalAddress().getPort(),
                        "KAFKA_BROKER_URL=" + kafka.getBrokersAsString(),
                        "KEYCLOAK_ISSUER_URI=" + authorizationServer.issuer(),
                        "ENCRYPTION_KEYSET=" + Keysets.generate(),
                        "FRONTEND_URL=https://app.perch.example",
                        "perch.pipeline.partitions=3",
                        "server.address=127.0.0.1")
                .applyTo(context);
        context.addApplicationListener(event -> {
            if (event instanceof ContextClosedEvent) {
                authorizationServer.stop();
            }
        });
        context.getBeanFactory().registerSingleton("stoppedLast", (AutoCloseable) () -> {
            kafka.destroy();
            mongo.shutdownNow();
        });
    }
}
