package io.perch.resourceserver;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** A second instance of the server. It uses the same services as the instance that the tests share. */
final class SecondInstance implements AutoCloseable {

    private static final String[] SHARED = {
        "MONGO_URI",
        "DATABASE_NAME",
        "KAFKA_BROKER_URL",
        "KEYCLOAK_ISSUER_URI",
        "ENCRYPTION_KEYSET",
        "perch.pipeline.partitions",
        "perch.user-events.partitions",
        "server.address"
    };

    private final ConfigurableApplicationContext context;
    private final Api api;

    private SecondInstance(ConfigurableApplicationContext context, Api api) {
        this.context = context;
        this.api = api;
    }

    /** Starts it with the environment of the first instance and with these properties. */
    static SecondInstance start(Environment first, AuthorizationServer authorizationServer, String... properties) {
        Stream<String> shared = Stream.of(SHARED)
                .filter(name -> Stream.of(properties).noneMatch(own -> own.startsWith(name + "=")))
                .map(name -> name + "=" + first.getRequiredProperty(name));
        // An embedded broker sets a system property with its address. The next server would use it
        Stream<String> own = Stream.of(
                "server.port=0", "spring.kafka.bootstrap-servers=" + first.getRequiredProperty("KAFKA_BROKER_URL"));
        String[] all = Stream.concat(Stream.concat(shared, own), Stream.of(properties))
                .map(property -> "--" + property)
                .toArray(String[]::new);
        ConfigurableApplicationContext context = new SpringApplicationBuilder(ResourceServerApplication.class).run(all);
        int port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
        return new SecondInstance(context, new Api(port, authorizationServer));
    }

    /** How many logins run at this instance. */
    int runningLogins() {
        return (int) context.getBean(MeterRegistry.class)
                .get("perch.pipeline.logins.running")
                .gauge()
                .value();
    }

    Api api() {
        return api;
    }

    /** The instance starts no more logins, so the first one runs all. */
    void runNoLogins() {
        NewLogins.of(context).stop();
    }

    /** Stops it in an orderly way, as after a signal. */
    @Override
    public void close() {
        context.close();
    }
}
