package io.perch.resourceserver.pipeline;

import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.MessageListenerContainer;

/**
 * Takes records from Kafka as long as there is room for their logins: when there is none, the partitions pause, which
 * leaves the records to wait at the broker and this instance in its group.
 */
class Intake {

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final Supplier<KafkaListenerEndpointRegistry> listeners;
    private final int limit;
    private boolean paused;

    /**
     * Takes records up to a limit.
     *
     * @param listeners asked for when it is needed: were the logins to depend on them, Spring would stop the logins first,
     *     and the listeners would go on to claim tasks for an instance that stops
     * @param limit how many logins may run
     */
    Intake(Supplier<KafkaListenerEndpointRegistry> listeners, int limit) {
        this.listeners = listeners;
        this.limit = limit;
    }

    /**
     * Pauses or goes on. Each listener may have one record in its hands when it hears of a pause, so that the limit can
     * be passed by that many.
     *
     * @param running tells how many logins run; asked by one caller at a time, so that the last one to ask knows best
     */
    synchronized void adjust(IntSupplier running) {
        int now = running.getAsInt();
        if (!paused && now >= limit) {
            paused = true;
            log.debug("{} logins run: no more are taken", now);
            listener().pause();
        } else if (paused && now <= limit * 3 / 4) {
            paused = false;
            listener().resume();
        }
    }

    private MessageListenerContainer listener() {
        MessageListenerContainer container = listeners.get().getListenerContainer(LoginListener.ID);
        if (container == null) {
            throw new IllegalStateException("There is no listener " + LoginListener.ID);
        }
        return container;
    }
}
