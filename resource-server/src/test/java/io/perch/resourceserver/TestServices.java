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
 * Starts the services that the server needs, and stops them after the server has stopped. If {@code MONGO_URI} is set,
 * that MongoDB is used, with a new database. Tests that stop the database have their own server.
 */
class TestServices implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    /** Tests set this property if they need their own server. */
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

    /**
     * Spring destroys singletons in reverse order of their registration. One that is registered before all beans is
     * destroyed last.
     */
    private static void stopLast(ConfigurableApplicationContext context, String name, DisposableBean stop) {
        ((DefaultSingletonBeanRegistry) context.getBeanFactory()).registerDisposableBean(name, stop);
    }
}
