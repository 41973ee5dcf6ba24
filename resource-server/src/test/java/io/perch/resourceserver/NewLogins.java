package io.perch.resourceserver;

import java.util.Objects;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/** Whether an instance begins new logins: by the records of Kafka, and by looking for due tasks. */
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

    /** From now on the instance begins none; those that it runs go on. */
    void stop() {
        listener.stop();
        loop.stop();
    }

    void start() {
        listener.start();
        loop.start();
    }
}
