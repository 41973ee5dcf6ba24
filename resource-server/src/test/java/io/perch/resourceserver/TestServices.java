package io.perch.resourceserver;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import io.perch.resourceserver.crypto.Keysets;
import java.util.UUID;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

/**
 * Starts what the server needs before it starts, and stops it when the server has stopped. Where {@code MONGO_URI} names a
 * MongoDB, that one is used, with a database of its own; only a test that takes the database away has its own server.
 */
class TestServices implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    /** A property that tests set which need a server that nobody else uses. */
    static final String OWN_SERVER = "test.has-a-server-of-its-own";

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        EmbeddedKafkaKraftBroker kafka = new EmbeddedKafkaKraftBroker(1, 1);
        kafka.afterPropertiesSet();
        AuthorizationServer authorizationServer = AuthorizationServer.start();
        context.getBeanFactory().registerSingleton("authorizationServer", authorizationServer);
        TestPropertyValues.of(
                        "MONGO_URI=" + mongo(context),
                        "DATABASE_NAME=perch_test_" + UUID.randomUUID(),
                        "KAFKA_BROKER_URL=" + kafka.getBrokersAsString(),
                        "KEYCLOAK_ISSUER_URI=" + authorizationServer.issuer(),
                        "ENCRYPTION_KEYSET=" + Keysets.generate(),
                        "FRONTEND_URL=https://app.perch.example",
                        "perch.pipeline.partitions=3",
                        "perch.user-events.partitions=3",
                        "server.address=127.0.0.1")
                .applyTo(context);
        context.addApplicationListener(event -> {
            if (event instanceof ContextClosedEvent) {
                authorizationServer.stop();
            }
        });
        stopLast(context, "kafka", kafka);
    }

    private static String mongo(ConfigurableApplicationContext context) {
        String given = System.getenv("MONGO_URI");
        if (given != null && !context.getEnvironment().containsProperty(OWN_SERVER)) {
            return given;
        }
        MongoServer mongo = new MongoServer(new MemoryBackend());
        mongo.bind("127.0.0.1", 0);
        context.getBeanFactory().registerSingleton("mongoServer", mongo);
        stopLast(context, "mongoServer", mongo::shutdownNow);
        return "mongodb://127.0.0.1:" + mongo.getLocalAddress().getPort();
    }

    /** Singletons go in reverse order of their registration, so what is registered before any bean goes last. */
    private static void stopLast(ConfigurableApplicationContext context, String name, DisposableBean stop) {
        ((DefaultSingletonBeanRegistry) context.getBeanFactory()).registerDisposableBean(name, stop);
    }
}
