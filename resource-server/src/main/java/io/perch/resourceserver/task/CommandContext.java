package io.perch.resourceserver.task;

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
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;

/** The application context of commands that change stored tasks and accounts: database and keys, without a server. */
final class CommandContext {

    private static final String ROOT = "io.perch.resourceserver";

    private CommandContext() {}

    /** Starts the context with Spring Boot settings. */
    static ConfigurableApplicationContext start(String[] args) {
        return new SpringApplicationBuilder(Setup.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of("spring.main.banner-mode", "off", "logging.level.root", "ERROR"))
                .run(args);
    }

    /** Not a {@code @Configuration}, because the server's component scan would find it. */
    @ImportAutoConfiguration({MongoAutoConfiguration.class, DataMongoAutoConfiguration.class, SslAutoConfiguration.class
    })
    @ConfigurationPropertiesScan({ROOT + ".crypto", ROOT + ".mongo"})
    @ComponentScan(ROOT + ".crypto")
    @ComponentScan(
            basePackages = ROOT,
            useDefaultFilters = false,
            includeFilters =
                    @Filter(
                            type = FilterType.REGEX,
                            pattern = {
                                ".*\\.mongo\\.MongoConfiguration",
                                ".*\\.account\\.Account(Repository|Secrets|Resealing)",
                                ".*\\.task\\.(TaskCollection|TaskMigrationRepository|TaskResealing|OldTaskAdoption)"
                            }))
    static class Setup {}
}
