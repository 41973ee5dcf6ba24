package io.perch.resourceserver;

import java.util.Objects;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/** Switches whether an instance starts logins, from records of Kafka and from polls for due tasks. */
final class NewLogins {

    private final MessageListenerContainer listener;
    private final SmartLifecycle loop;

    private NewLogins(MessageListenerContainer listener, SmartLifecycle loop) {
        this.listener = listener;
        this.loop = loop;
    }

    static NewLogins of(ApplicationContext context) {
        KafkaListenerEndpointRegistry listeners = context.getBean(KafkaListenerEndpointRegistry.class);
        return new NewLogins(
                Objects.requireNonNull(listeners.getListenerContainer("twitter-logins")),
                context.getBean("claimLoop", SmartLifecycle.class));
    }

    /** The instance starts no more logins. Running ones continue. */
    void stop() {
        listener.stop();
        loop.stop();
    }

    void start() {
        listener.start();
        loop.start();
    }
}
