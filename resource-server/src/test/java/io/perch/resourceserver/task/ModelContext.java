package io.perch.resourceserver.task;

import com.mongodb.event.CommandListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.perch.resourceserver.account.DeletedUsers;
import io.perch.resourceserver.acts.ActLog;
import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.data.mongodb.autoconfigure.DataMongoAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoAutoConfiguration;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FilterType;
import org.springframework.web.bind.annotation.RestController;

/** The part of an instance that processes tasks, without HTTP and Kafka. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({MongoAutoConfiguration.class, DataMongoAutoConfiguration.class})
@ConfigurationPropertiesScan({
    "io.perch.resourceserver.crypto",
    "io.perch.resourceserver.mongo",
    "io.perch.resourceserver.task"
})
@ComponentScan(
        basePackages = {
            "io.perch.resourceserver.crypto",
            "io.perch.resourceserver.account",
            "io.perch.resourceserver.mongo",
            "io.perch.resourceserver.task"
        },
        excludeFilters = {
            @ComponentScan.Filter(RestController.class),
            @ComponentScan.Filter(type = FilterType.REGEX, pattern = ".*(Test|OldTaskReport).*")
        })
class ModelContext {

    static ConfigurableApplicationContext start(
            int mongoPort, String keyset, DeletedUsers deletedUsers, ActLog acts, CommandListener... listeners) {
        return new SpringApplicationBuilder(ModelContext.class)
                .web(WebApplicationType.NONE)
                .initializers(context -> {
                    var beans = context.getBeanFactory();
                    beans.registerSingleton("deletedUsers", deletedUsers);
                    beans.registerSingleton("actLog", acts);
                    MongoClientSettingsBuilderCustomizer listening =
                            settings -> List.of(listeners).forEach(settings::addCommandListener);
                    beans.registerSingleton("listening", listening);
                })
                .properties(
                        "MONGO_URI=mongodb://127.0.0.1:" + mongoPort,
                        "ENCRYPTION_KEYSET=" + keyset,
                        "perch.task.max-attempts=2")
                .run();
    }

    @Bean
    MeterRegistry meterRegistry() {
        return new SimpleMeterRegistry();
    }
}
