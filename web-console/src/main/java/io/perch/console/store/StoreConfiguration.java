package io.perch.console.store;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.perch.console.web.ConsoleProperties;
import jakarta.servlet.DispatcherType;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.data.redis.connection.RedisConnectionFactory;
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

        @Bean
        LettuceConnectionFactory redisConnectionFactory(StoreProperties properties) {
            return new LettuceConnectionFactory(
                    LettuceConnectionFactory.createRedisConfiguration(Objects.requireNonNull(properties.redisUrl())));
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
