package io.perch.resourceserver.twitter;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;

/** Uses the simulator if the operator provides no other bean. */
@Configuration(proxyBeanMethods = false)
class TwitterConfiguration {

    @Bean
    @Fallback
    TwitterLogin twitterLogin(SimulatorProperties properties, Clock clock) {
        return new SimulatedTwitterLogin(properties, clock);
    }
}
