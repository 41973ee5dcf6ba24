package io.perch.console.signin;

import io.perch.console.page.ContentSecurityPolicy;
import io.perch.console.session.Sessions;
import io.perch.console.web.ConsoleProperties;
import io.perch.console.web.LocalTarget;
import io.perch.console.web.ProblemWriter;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.oauth2.client.endpoint.OAuth2AccessTokenResponseClient;
import org.springframework.security.oauth2.client.endpoint.OAuth2AuthorizationCodeGrantRequest;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.logout.LogoutFilter;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;
import org.springframework.security.web.csrf.XorCsrfTokenRequestAttributeHandler;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.OrRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** Authorization, sign-in, CSRF protection and security headers. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    private static final RequestMatcher CALLS =
            new OrRequestMatcher(path("/api/**"), path("/auth/**"), path("/bff/**"), path("/logout"));

    private static RequestMatcher path(String pattern) {
        return PathPatternRequestMatcher.pathPattern(pattern);
    }

    @Bean
    SecurityFilterChain consoleSecurity(
            HttpSecurity http,
            ClientRegistrationRepository clients,
            OAuth2AccessTokenResponseClient<OAuth2AuthorizationCodeGrantRequest> authorizationCodes,
            PendingSignIns pending,
            SessionOpener opener,
            Sessions sessions,
            ConsoleProperties console,
            ContentSecurityPolicy contentSecurityPolicy,
            ProblemWriter problems) {
        Refusals refusals = new Refusals(sessions, problems);
        return http.authorizeHttpRequests(requests -> requests.requestMatchers("/api/**", "/auth/**", "/logout")
                        .authenticated()
                        .anyRequest()
                        .permitAll())
                .oauth2Login(login -> login.authorizedClientRepository(opener)
                        .loginPage("/")
                        .authorizationEndpoint(
                                endpoint -> endpoint.authorizationRequestResolver(new SignInRequests(clients))
                                        .authorizationRequestRepository(pending))
                        .tokenEndpoint(endpoint -> endpoint.accessTokenResponseClient(authorizationCodes))
                        .redirectionEndpoint(endpoint -> endpoint.baseUri(ClientConfiguration.CALLBACK))
                        .successHandler((request, response, user) -> response.sendRedirect(
                                LocalTarget.of((String) request.getAttribute(PendingSignIns.TARGET))))
                        .failureHandler(refusals))
                .oidcLogout(logout -> logout.backChannel(Customizer.withDefaults()))
                .addFilterBefore(new SameOriginFilter(CALLS, console, problems), LogoutFilter.class)
                .addFilterBefore(new SessionAuthenticationFilter(sessions), LogoutFilter.class)
                .csrf(csrf -> csrf.csrfTokenRepository(new HttpSessionCsrfTokenRepository())
                        .csrfTokenRequestHandler(new XorCsrfTokenRequestAttributeHandler()))
                .exceptionHandling(
                        errors -> errors.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .securityContext(
                        context -> context.securityContextRepository(new RequestAttributeSecurityContextRepository()))
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .headers(headers -> secured(headers, contentSecurityPolicy))
                .build();
    }

    private static void secured(HeadersConfigurer<HttpSecurity> headers, ContentSecurityPolicy policy) {
        headers.contentSecurityPolicy(content -> content.policyDirectives(policy.directives()))
                .cacheControl(HeadersConfigurer.CacheControlConfig::disable)
                .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny)
                // The window for a new sign-in uses a broadcast channel, so it needs no opener
                .crossOriginOpenerPolicy(opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                .crossOriginResourcePolicy(resource -> resource.policy(CrossOriginResourcePolicy.SAME_ORIGIN))
                .permissionsPolicyHeader(permissions ->
                        permissions.policy("camera=(), geolocation=(), microphone=(), payment=(), usb=()"))
                .httpStrictTransportSecurity(
                        hsts -> hsts.maxAgeInSeconds(Duration.ofDays(365).toSeconds()));
    }
}
