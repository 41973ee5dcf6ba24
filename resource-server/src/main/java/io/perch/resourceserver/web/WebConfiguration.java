package io.perch.resourceserver.web;

import java.time.Clock;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.web.filter.UrlHandlerFilter;
import org.springframework.web.multipart.MultipartResolver;
import org.springframework.web.multipart.support.StandardServletMultipartResolver;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/** The beans of the HTTP layer. */
@Configuration(proxyBeanMethods = false)
class WebConfiguration {

    private static final char DEL = 0x7f;

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    /** Enabled only if allowed hosts are configured. Runs after the observation of requests, and before all other filters. */
    @Bean
    FilterRegistrationBean<AllowedHostFilter> allowedHosts(WebProperties properties, ProblemWriter problems) {
        FilterRegistrationBean<AllowedHostFilter> registration =
                new FilterRegistrationBean<>(new AllowedHostFilter(properties.allowedHosts(), problems));
        registration.setEnabled(!AllowedHostFilter.allowsAll(properties.allowedHosts()));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
        return registration;
    }

    /** Runs after Spring Security, so the body of an unauthorized request is not read. */
    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimit(WebProperties properties, ProblemWriter problems) {
        BodyLimitFilter filter =
                new BodyLimitFilter(Math.toIntExact(properties.maxBody().toBytes()), problems);
        FilterRegistrationBean<BodyLimitFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(Ordered.LOWEST_PRECEDENCE);
        return registration;
    }

    /** Runs after Spring Security, which must see whether the request has a media type. */
    @Bean
    FilterRegistrationBean<UntypedBodyFilter> untypedBodies() {
        FilterRegistrationBean<UntypedBodyFilter> registration = new FilterRegistrationBean<>(new UntypedBodyFilter());
        registration.setOrder(Ordered.LOWEST_PRECEDENCE);
        return registration;
    }

    /** A path with a slash at its end is the same path. Runs before Spring Security, whose rules use the path. */
    @Bean
    FilterRegistrationBean<UrlHandlerFilter> trailingSlashes() {
        FilterRegistrationBean<UrlHandlerFilter> registration = new FilterRegistrationBean<>(
                UrlHandlerFilter.trailingSlashHandler("/**").wrapRequest().build());
        registration.setOrder(SecurityFilterProperties.DEFAULT_FILTER_ORDER - 1);
        return registration;
    }

    /**
     * Spring Security's firewall with two exceptions. It does not check methods: these are matched exactly here, so an
     * unsupported one is 405. And header values may contain all bytes that RFC 9110 section 5.5 allows, because phones put their
     * names into {@code User-Agent}.
     */
    @Bean
    HttpFirewall httpFirewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setUnsafeAllowAnyHttpMethod(true);
        firewall.setAllowedHeaderValues(WebConfiguration::hasNoControlCharacter);
        return firewall;
    }

    /** A loop and not a stream, because it runs for every header of every request. */
    private static boolean hasNoControlCharacter(String value) {
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character == DEL || (character < ' ' && character != '\t')) {
                return false;
            }
        }
        return true;
    }

    /** Replaces the gateway's resolver, which does not parse the forms of forwarded requests. */
    @Bean(DispatcherServlet.MULTIPART_RESOLVER_BEAN_NAME)
    MultipartResolver multipartResolver() {
        return new StandardServletMultipartResolver();
    }

    /** JSON is parsed strictly: no duplicate fields, and no numbers or booleans as strings. */
    @Bean
    JsonMapperBuilderCustomizer strictJson() {
        return builder -> builder.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .withCoercionConfig(
                        LogicalType.Textual, text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
    }

    /**
     * Request bodies must not have unknown fields: a misspelt one would count as absent. Only for HTTP, because records of Kafka
     * may have fields of a newer version.
     */
    @Bean
    WebMvcConfigurer strictBodies(JsonMapper json) {
        JsonMapper strict = json.rebuild()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        return new WebMvcConfigurer() {
            @Override
            public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
                converters.withJsonConverter(new JacksonJsonHttpMessageConverter(strict));
            }
        };
    }

    @Bean
    RequestRejectedHandler requestRejectedHandler(ProblemWriter problems) {
        return (request, response, rejected) -> problems.write(
                ProblemType.INVALID_REQUEST.problem("The request line or a header has characters that are not allowed"),
                response);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsFromTomcat() {
        return factory -> factory.addContextCustomizers(ProblemErrorReportValve::installIn);
    }
}
