package io.perch.resourceserver.mongo;

import com.mongodb.MongoException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.mongodb.autoconfigure.DataMongoAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessException;
import org.springframework.data.mongodb.MongoDatabaseFactory;

/**
 * The command that creates all indexes before an upgrade, so that the new version finds them. It needs only the database, and has
 * the same settings as the server. Servers may run at the same time.
 */
public final class CreateIndexesCommand {

    private CreateIndexesCommand() {}

    /**
     * Runs the command.
     *
     * @param args Spring Boot settings
     * @param out where each missing index is printed
     * @return the exit code: 0 if all indexes exist; 1 if one is missing, or the database is unavailable
     */
    public static int run(String[] args, PrintStream out) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Setup.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of("spring.main.banner-mode", "off", "logging.level.root", "ERROR"))
                .run(args)) {
            IndexBuilder indexes = new IndexBuilder(
                    context.getBean(MongoDatabaseFactory.class),
                    context.getBeansOfType(IndexedCollection.class).values(),
                    Duration.ofSeconds(30));
            int total = indexes.missing().size();
            boolean complete = indexes.buildAll();
            new TreeMap<>(indexes.missing()).forEach((name, reason) -> out.println(name + " is missing: " + reason));
            out.println("%d of %d indexes are there"
                    .formatted(total - indexes.missing().size(), total));
            return complete ? 0 : 1;
        } catch (DataAccessException | MongoException e) {
            out.println("The database is unavailable: " + e.getMessage());
            return 1;
        }
    }

    /** Not a {@code @Configuration}, because the server's component scan would find it. */
    @ImportAutoConfiguration({MongoAutoConfiguration.class, DataMongoAutoConfiguration.class, SslAutoConfiguration.class
    })
    @EnableConfigurationProperties(MongoProperties.class)
    @Import(MongoConfiguration.class)
    @ComponentScan(
            basePackages = "io.perch.resourceserver",
            useDefaultFilters = false,
            includeFilters = @Filter(type = FilterType.ASSIGNABLE_TYPE, classes = IndexedCollection.class))
    static class Setup {}
}
