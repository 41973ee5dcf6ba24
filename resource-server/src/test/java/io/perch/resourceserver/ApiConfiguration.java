package io.perch.resourceserver;

import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.Environment;

/** Provides the HTTP client of the tests. */
@TestConfiguration(proxyBeanMethods = false)
class ApiConfiguration {

    @Bean
    @Lazy
    Api api(Environment environment, AuthorizationServer authorizationServer) {
        return new Api(Integer.parseInt(environment.getRequiredProperty("local.server.port")), authorizationServer);
    }

    @Bean
    MongoClientSettingsBuilderCustomizer commandShapes() {
        return settings -> settings.addCommandListener(new CommandShapes());
    }
}
