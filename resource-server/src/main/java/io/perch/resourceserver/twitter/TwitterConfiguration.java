package io.perch.resourceserver.twitter;

import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;

/** Offers the simulator where no operator's bean takes its place. */
@Configuration(proxyBeanMethods = false)
class TwitterConfiguration {

    @Bean
    @Fallback
    TwitterLogin twitterLogin(SimulatorProperties properties, Clock clock) {
        return new SimulatedTwitterLogin(properties, clock);
    }
}
