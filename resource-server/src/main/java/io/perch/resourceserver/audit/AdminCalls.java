package io.perch.resourceserver.audit;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Records every request below {@code /admin} before it is handled, including read-only ones. */
@Component
class AdminCalls implements HandlerInterceptor, WebMvcConfigurer {

    /** The parameters whose values are recorded. A search text may be a name or an address, so it is not. */
    private static final Set<String> RECORDED_PARAMETERS =
            Set.of("status", "user_id", "actor_id", "action", "from", "to", "after", "limit");

    private final AuditTrail trail;

    AdminCalls(AuditTrail trail) {
        this.trail = trail;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/admin/**");
    }

    @Override
    public boolean preHandle(HttpServletRequest http, HttpServletResponse response, Object handler) {
        Request.current()
                .ifPresent(request -> trail.record(request.line(AuditAction.ADMIN_CALLED)
                        .user(first(http, "user_id"))
                        .detail("method", http.getMethod())
                        .detail("path", http.getRequestURI())
                        .detail("parameters", parameters(http))
                        .build()));
        return true;
    }

    private static String parameters(HttpServletRequest http) {
        Map<String, String[]> given = new TreeMap<>(http.getParameterMap());
        return given.entrySet().stream()
                .map(parameter -> RECORDED_PARAMETERS.contains(parameter.getKey())
                        ? parameter.getKey() + '=' + String.join(",", parameter.getValue())
                        : parameter.getKey())
                .collect(Collectors.joining("&"));
    }

    private static @Nullable String first(HttpServletRequest http, String name) {
        List<String> values = Arrays.asList(http.getParameterMap().getOrDefault(name, new String[0]));
        return values.isEmpty() || values.get(0).isBlank() ? null : values.get(0);
    }
}
