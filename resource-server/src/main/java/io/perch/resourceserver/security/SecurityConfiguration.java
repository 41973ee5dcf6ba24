package io.perch.resourceserver.security;

import static org.springframework.security.config.Customizer.withDefaults;

import io.perch.resourceserver.redis.Redis;
import io.perch.resourceserver.web.MappedPaths;
import io.perch.resourceserver.web.ProblemWriter;
import io.perch.resourceserver.web.WebProperties;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.ObjectPostProcessor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.DPoPProofJwtDecoderFactory;
import org.springframework.security.oauth2.jwt.DPoPProofReplayValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.MappedJwtClaimSetConverter;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.DPoPAuthenticationProvider;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AuthenticationEntryPointFailureHandler;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;

/** Which requests are allowed, and to whom. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final String API_POLICY =
            "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String DOCS_POLICY =
            "default-src 'self'; connect-src 'self' %s; img-src 'self' data:; style-src 'self' 'unsafe-inline';"
                    + " object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final MappedJwtClaimSetConverter CLAIMS = MappedJwtClaimSetConverter.withDefaults(Map.of());
    private static final String[] DOCS = {"/docs", "/docs/**", "/openapi.json", "/openapi.json/**", "/swagger-ui/**"};

    /**
     * Spring MVC creates one observation per request. Spring Security would create one per filter, which took a quarter of the
     * server's CPU time. Refusals are visible in the status of the request's observation and in this package's metrics.
     */
    @Bean
    SecurityObservationSettings noObservationsOfFilters() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    RealmKeys realmKeys(KeycloakProperties keycloak) {
        return RealmKeys.from(keycloak.keys());
    }

    @Bean
    JwtDecoder jwtDecoder(RealmKeys keys, KeycloakProperties keycloak, RevokedTokenValidator sessions) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSource(keys)
                .jwsAlgorithm(SignatureAlgorithm.RS256)
                .build();
        JwtTimestampValidator life = new JwtTimestampValidator(keycloak.clockSkew());
        life.setAllowEmptyExpiryClaim(false);
        OAuth2TokenValidator<Jwt> validator = new DelegatingOAuth2TokenValidator<>(
                life,
                new JwtIssuerValidator(keycloak.issuerUri().toString()),
                new JwtAudienceValidator(keycloak.audience()),
                // Without this check, all callers without a subject would share their data
                new JwtClaimValidator<String>(JwtClaimNames.SUB, subject -> subject != null && !subject.isBlank()),
                new JwtTypeValidator("at+jwt"),
                sessions);
        decoder.setJwtValidator(token -> OAuth2TokenValidatorResult.success());
        decoder.setClaimSetConverter(SecurityConfiguration::claims);
        return new VerifiedTokens(decoder, validator, keys);
    }

    /** Spring Security adds an {@code iat} to a token that has none. This removes it. */
    private static Map<String, Object> claims(Map<String, Object> given) {
        Map<String, Object> claims = CLAIMS.convert(given);
        if (!given.containsKey(JwtClaimNames.IAT)) {
            claims.remove(JwtClaimNames.IAT);
        }
        return claims;
    }

    @Bean
    UsedProofs usedProofs(Redis redis) {
        return new UsedProofs(redis);
    }

    @Bean
    SecurityFilterChain documentationSecurity(HttpSecurity http, KeycloakProperties keycloak) {
        // The page exchanges its authorization code for a token there
        String policy = DOCS_POLICY.formatted(origin(keycloak.issuerUri()));
        return http.securityMatcher(DOCS)
                .authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
                .headers(headers -> secured(headers, policy))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .build();
    }

    @Bean
    SecurityFilterChain forwardedSecurity(
            HttpSecurity http,
            ObjectProvider<ForwardedRequests> forwarded,
            TokenCookie cookie,
            WebProperties web,
            ProblemWriter problems) {
        ForwardedRequests requests = forwarded.getIfAvailable(ForwardedRequests::none);
        return http.securityMatcher(requests.all())
                .authorizeHttpRequests(all -> all.anyRequest().permitAll())
                .addFilterBefore(
                        new CookieRequestFilter(cookie, requests.withCallersToken(), web.frontendUrl(), problems),
                        AuthorizationFilter.class)
                .headers(headers -> secured(headers, API_POLICY))
                .cors(withDefaults())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .build();
    }

    @Bean
    SecurityFilterChain apiSecurity(
            HttpSecurity http,
            KeycloakProperties keycloak,
            TokenCookie cookie,
            WebProperties web,
            MappedPaths paths,
            UsedProofs proofs,
            ProblemWriter problems) {
        TokenProblems refusal = new TokenProblems(paths, problems);
        JwtAuthenticationConverter roles = new JwtAuthenticationConverter();
        roles.setJwtGrantedAuthoritiesConverter(new RealmRoles());
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/", "/health", "/health/**")
                        .permitAll()
                        .requestMatchers("/error", "/.well-known/oauth-protected-resource")
                        .permitAll()
                        .requestMatchers("/metrics", "/metrics/**")
                        .hasAnyAuthority("SCOPE_metrics", "ROLE_moderator")
                        .requestMatchers(
                                "/admin/tasks",
                                "/admin/tasks/**",
                                "/admin/task-operations",
                                "/admin/task-operations/**")
                        .hasRole("moderator")
                        .requestMatchers("/admin/**")
                        .hasRole("admin")
                        .anyRequest()
                        .hasRole("user"))
                .oauth2ResourceServer(server -> {
                    server.bearerTokenResolver(headerOrCookie(cookie))
                            .jwt(jwt -> jwt.jwtAuthenticationConverter(roles))
                            .dPoP(dpop -> dpop.authenticationFailureHandler(refusal::commenceDpop))
                            .protectedResourceMetadata(metadata -> metadata.protectedResourceMetadataCustomizer(
                                    resource -> resource.authorizationServer(
                                                    keycloak.issuerUri().toString())
                                            .tlsClientCertificateBoundAccessTokens(false)))
                            .authenticationEntryPoint(refusal)
                            .accessDeniedHandler(refusal);
                    server.withObjectPostProcessor(answeringKeyFailures(refusal));
                    server.withObjectPostProcessor(refusingUsedProofs(proofs));
                })
                .exceptionHandling(
                        errors -> errors.authenticationEntryPoint(refusal).accessDeniedHandler(refusal))
                .headers(headers -> secured(headers, API_POLICY))
                .cors(withDefaults())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // Replaces CSRF tokens, which old clients do not support
                .addFilterBefore(
                        new CookieRequestFilter(cookie, AnyRequestMatcher.INSTANCE, web.frontendUrl(), problems),
                        BearerTokenAuthenticationFilter.class)
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .build();
    }

    private static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getAuthority();
    }

    private static BearerTokenResolver headerOrCookie(TokenCookie cookie) {
        DefaultBearerTokenResolver header = new DefaultBearerTokenResolver();
        return request -> {
            String token = header.resolve(request);
            return token == null ? cookie.in(request).orElse(null) : token;
        };
    }

    @Bean
    CorsConfigurationSource corsConfigurationSource(WebProperties web, TokenCookieProperties cookie) {
        CorsConfiguration cors = new CorsConfiguration();
        cors.setAllowedOrigins(web.frontendUrl());
        cors.setAllowedMethods(List.of("GET", "HEAD", "POST", "PUT", "DELETE"));
        // Credentials are allowed only for named origins, never for *
        cors.setAllowCredentials(cookie.accepted() && !web.frontendUrl().contains(CorsConfiguration.ALL));
        // Front ends send headers of their own, for example trace headers. No header grants rights here
        cors.setAllowedHeaders(List.of(CorsConfiguration.ALL));
        cors.setExposedHeaders(List.of("Location", "RateLimit", "RateLimit-Policy", "Retry-After", "WWW-Authenticate"));
        cors.setMaxAge(Duration.ofHours(1));
        UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
        source.registerCorsConfiguration("/**", cors);
        return source;
    }

    private static void secured(HeadersConfigurer<HttpSecurity> headers, String contentSecurityPolicy) {
        headers.contentSecurityPolicy(policy -> policy.policyDirectives(contentSecurityPolicy))
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny)
                .httpStrictTransportSecurity(
                        hsts -> hsts.maxAgeInSeconds(Duration.ofDays(365).toSeconds()));
    }

    private static ObjectPostProcessor<DPoPAuthenticationProvider> refusingUsedProofs(UsedProofs proofs) {
        DPoPProofJwtDecoderFactory verifiers = new DPoPProofJwtDecoderFactory();
        verifiers.setJwtValidatorFactory(DPoPProofJwtDecoderFactory.createDefaultJwtValidatorFactory(
                List.of(new DPoPProofReplayValidator(proofs))));
        return new ObjectPostProcessor<>() {
            @Override
            public <O extends DPoPAuthenticationProvider> O postProcess(O provider) {
                provider.setDPoPProofVerifierFactory(verifiers);
                return provider;
            }
        };
    }

    /** Without this, Spring Security rethrows a failure to read the keys, and the response is 500. */
    private static ObjectPostProcessor<BearerTokenAuthenticationFilter> answeringKeyFailures(TokenProblems refusal) {
        return new ObjectPostProcessor<>() {
            @Override
            public <O extends BearerTokenAuthenticationFilter> O postProcess(O filter) {
                AuthenticationEntryPointFailureHandler handler = new AuthenticationEntryPointFailureHandler(refusal);
                handler.setRethrowAuthenticationServiceException(false);
                filter.setAuthenticationFailureHandler(handler);
                return filter;
            }
        };
    }
}
