package io.perch.keycloak;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts servers once for all test classes, and stops them after the last test. A method of JUnit gets them as a parameter.
 *
 * @param <T> the type of the parameter
 */
public abstract class SharedServer<T extends AutoCloseable> implements ParameterResolver {

    private final Class<T> type;
    private final Supplier<T> start;

    /**
     * An extension for one kind of servers.
     *
     * @param type the type of the parameter
     * @param start starts the servers
     */
    protected SharedServer(Class<T> type, Supplier<T> start) {
        this.type = type;
        this.start = start;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == type;
    }

    @Override
    public T resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(type))
                .computeIfAbsent(type, key -> start.get(), type);
    }
}
