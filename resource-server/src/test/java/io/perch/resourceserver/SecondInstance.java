package io.perch.resourceserver;

import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** Another instance of the server, which shares every service with the one that the tests share. */
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

    /** Starts it with the environment of the first, and properties of its own. */
    static SecondInstance start(Environment first, AuthorizationServer authorizationServer, String... properties) {
        Stream<String> shared = Stream.of(SHARED)
                .filter(name -> Stream.of(properties).noneMatch(own -> own.startsWith(name + "=")))
                .map(name -> name + "=" + first.getRequiredProperty(name));
        // An embedded broker leaves its own address in a system property, for whoever starts next.
        Stream<String> own = Stream.of(
                "server.port=0", "spring.kafka.bootstrap-servers=" + first.getRequiredProperty("KAFKA_BROKER_URL"));
        String[] all = Stream.concat(Stream.concat(shared, own), Stream.of(properties))
                .map(property -> "--" + property)
                .toArray(String[]::new);
        ConfigurableApplicationContext context = new SpringApplicationBuilder(ResourceServerApplication.class).run(all);
        int port = Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
        return new SecondInstance(context, new Api(port, authorizationServer));
    }

    Api api() {
        return api;
    }

    /** From now on the first runs all. */
    void runNoLogins() {
        NewLogins.of(context).stop();
    }

    /** Stops it as a signal would. */
    @Override
    public void close() {
        context.close();
    }
}
