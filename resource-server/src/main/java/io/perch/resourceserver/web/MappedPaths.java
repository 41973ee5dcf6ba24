package io.perch.resourceserver.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.server.PathContainer;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.mvc.condition.PathPatternsRequestCondition;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;

/** The paths of all controllers and actuator endpoints, for any method. */
@Component
public final class MappedPaths {

    private final SingletonSupplier<List<PathPattern>> patterns;

    MappedPaths(ObjectProvider<RequestMappingInfoHandlerMapping> mappings) {
        // All controllers are mapped before the first request
        this.patterns = SingletonSupplier.of(() ->
                mappings.stream().flatMap(MappedPaths::patterns).distinct().toList());
    }

    private static Stream<PathPattern> patterns(RequestMappingInfoHandlerMapping mapping) {
        return mapping.getHandlerMethods().keySet().stream()
                .map(RequestMappingInfo::getPathPatternsCondition)
                .filter(Objects::nonNull)
                .map(PathPatternsRequestCondition::getPatterns)
                .flatMap(Set::stream);
    }

    /** Returns whether a handler exists for the request's path. */
    public boolean contain(HttpServletRequest request) {
        PathContainer path = ServletRequestPathUtils.parse(request).pathWithinApplication();
        return patterns.obtain().stream().anyMatch(pattern -> pattern.matches(path));
    }
}
