package io.perch.resourceserver.account;

import com.mongodb.MongoException;
import java.io.PrintStream;
import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.data.mongodb.autoconfigure.DataMongoAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.data.mongodb.core.MongoOperations;

/**
 * The command that seals all stored values with the keyset's primary key. It needs the database and the keys, by the same
 * settings as the server, and nothing else.
 */
public final class ResealCommand {

    private static final String ENCRYPTION = "io.perch.resourceserver.crypto";

    private ResealCommand() {}

    /**
     * Runs the command.
     *
     * @param args settings, as Spring Boot takes them
     * @param out where each value that failed is told, and at the end how many values there were
     * @return the exit code: 0 if every value is sealed with the primary key now; 1 if one is not, or the database is away
     */
    public static int run(String[] args, PrintStream out) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Setup.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of("spring.main.banner-mode", "off", "logging.level.root", "ERROR"))
                .run(args)) {
            MongoOperations mongo = context.getBean(MongoOperations.class);
            return run(new Resealing(mongo, context.getBean(AccountSecrets.class), out), out);
        }
    }

    private static int run(Resealing resealing, PrintStream out) {
        try {
            boolean complete = resealing.run();
            out.println(resealing.summary());
            return complete ? 0 : 1;
        } catch (DataAccessException | MongoException e) {
            out.println("The database is away: " + e.getMessage());
            out.println("Until then " + resealing.summary() + "; run it again for the rest");
            return 1;
        }
    }

    /** Deliberately no {@code @Configuration}, which the server would find. */
    @ImportAutoConfiguration({MongoAutoConfiguration.class, DataMongoAutoConfiguration.class, SslAutoConfiguration.class
    })
    @ComponentScan(ENCRYPTION)
    @ConfigurationPropertiesScan(ENCRYPTION)
    @Import(AccountSecrets.class)
    static class Setup {}
}
