package io.perch.console.store;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import io.perch.console.web.ConsoleProperties;
import jakarta.servlet.DispatcherType;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.config.annotation.web.http.EnableSpringHttpSession;
import org.springframework.session.data.redis.RedisSessionRepository;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.session.web.http.SessionRepositoryFilter;

/** Selects the session store and configures the session cookie. */
@Configuration(proxyBeanMethods = false)
@EnableSpringHttpSession
class StoreConfiguration {

    private static final String SESSIONS = "perch:console:session";

    /** Limits the memory of a single instance. */
    private static final long MAX_SESSIONS = 50_000;

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    KeyValueStore keyValueStore(ObjectProvider<RedisConnectionFactory> redis) {
        RedisConnectionFactory connections = redis.getIfAvailable();
        return connections == null ? new MemoryStore() : new RedisStore(new StringRedisTemplate(connections));
    }

    @Bean
    SessionRepository<? extends Session> sessionRepository(
            StoreProperties properties, ObjectProvider<RedisConnectionFactory> redis) {
        RedisConnectionFactory connections = redis.getIfAvailable();
        if (connections == null) {
            MapSessionRepository sessions = new MapSessionRepository(Caffeine.newBuilder()
                    .maximumSize(MAX_SESSIONS)
                    .expireAfterAccess(properties.idle())
                    .<String, Session>build()
                    .asMap());
            sessions.setDefaultMaxInactiveInterval(properties.idle());
            return sessions;
        }
        RedisTemplate<String, Object> template = new RedisTemplate<>();
        template.setKeySerializer(RedisSerializer.string());
        template.setHashKeySerializer(RedisSerializer.string());
        template.setConnectionFactory(connections);
        template.afterPropertiesSet();
        RedisSessionRepository sessions = new RedisSessionRepository(template);
        sessions.setRedisKeyNamespace(SESSIONS);
        sessions.setDefaultMaxInactiveInterval(properties.idle());
        return sessions;
    }

    @Bean
    CookieSerializer cookieSerializer(ConsoleProperties console) {
        DefaultCookieSerializer cookie = new DefaultCookieSerializer();
        cookie.setCookieName(console.overTls() ? "__Host-perch-session" : "perch-session");
        cookie.setUseSecureCookie(console.overTls());
        cookie.setUseHttpOnlyCookie(true);
        cookie.setSameSite("Strict");
        cookie.setCookiePath("/");
        return cookie;
    }

    @Bean
    FilterRegistrationBean<SessionRepositoryFilter<?>> sessionFilter(SessionRepositoryFilter<?> filter) {
        FilterRegistrationBean<SessionRepositoryFilter<?>> registration = new FilterRegistrationBean<>(filter);
        registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
        registration.setOrder(SessionRepositoryFilter.DEFAULT_ORDER);
        return registration;
    }

    /** The connection to Redis, if one is configured. */
    @Configuration(proxyBeanMethods = false)
    @Conditional(RedisIsConfigured.class)
    static class RedisConfiguration {

        private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(500);

        /** A request has several commands, but it ends at the first one that fails. */
        private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);

        /** Limits the memory and the waiting while Redis is slow. Further commands fail at once. */
        private static final int MAX_WAITING_COMMANDS = 1_000;

        private static final Duration RECONNECT_WITHIN = Duration.ofSeconds(2);

        @Bean(destroyMethod = "shutdown")
        ClientResources redisClientResources() {
            return ClientResources.builder()
                    .reconnectDelay(Delay.fullJitter(Duration.ofMillis(10), RECONNECT_WITHIN, 2, TimeUnit.MILLISECONDS))
                    .build();
        }

        @Bean
        LettuceConnectionFactory redisConnectionFactory(StoreProperties properties, ClientResources resources) {
            RedisURI uri = RedisURI.create(Objects.requireNonNull(properties.redisUrl()));
            ClientOptions options = ClientOptions.builder()
                    .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                    .requestQueueSize(MAX_WAITING_COMMANDS)
                    .socketOptions(SocketOptions.builder()
                            .connectTimeout(CONNECT_TIMEOUT)
                            .build())
                    .timeoutOptions(TimeoutOptions.enabled())
                    .build();
            // The configuration of the server has the address and the password only. TLS is part of the client's
            LettuceClientConfiguration client = LettuceClientConfiguration.builder()
                    .clientResources(resources)
                    .clientOptions(options)
                    .commandTimeout(COMMAND_TIMEOUT)
                    .apply(uri)
                    .build();
            return new LettuceConnectionFactory(LettuceConnectionFactory.createRedisConfiguration(uri), client);
        }
    }

    /** An empty {@code REDIS_URL} means no Redis. */
    static class RedisIsConfigured implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !context.getEnvironment()
                    .getProperty("perch.sessions.redis-url", "")
                    .isBlank();
        }
    }
}
