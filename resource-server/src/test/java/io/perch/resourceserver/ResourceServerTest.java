package io.perch.resourceserver;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;

/**
 * A test with the whole server on a free port. The tests share one server, so each one uses its own users (see
 * {@link Api#asNewUser()}).
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "perch.token-cookie.without-tls=true",
            "perch.simulator.slow-latency=2s",
            "perch.simulator.limited-for=1s",
            "perch.task.max-attempts=4",
            "perch.task.retry-delay=100ms",
            "perch.pipeline.poll-interval=500ms",
            "perch.user.erase-interval=500ms",
            "perch.live.heartbeat=1s",
            "perch.live.reread-interval=1s"
        })
@ContextConfiguration(initializers = TestServices.class)
@Import({FaultyController.class, ApiConfiguration.class})
@ExtendWith(CommandShapes.Check.class)
@interface ResourceServerTest {}
