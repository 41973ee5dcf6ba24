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

/** What the commands need that work on stored tasks and accounts: the database, the keys, and no server. */
final class CommandContext {

    private static final String ROOT = "io.perch.resourceserver";

    private CommandContext() {}

    /** Starts it with settings as Spring Boot takes them. */
    static ConfigurableApplicationContext start(String[] args) {
        return new SpringApplicationBuilder(Setup.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of("spring.main.banner-mode", "off", "logging.level.root", "ERROR"))
                .run(args);
    }

    /** Deliberately no {@code @Configuration}, which the server would find. */
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
                                ".*\\.task\\.(TaskRepository|TaskResealing|OldTaskAdoption)"
                            }))
    static class Setup {}
}
