package io.perch.keycloak.steps;

import org.keycloak.Config;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderFactory;

/**
 * The step of one authenticator or required action. An extension lists its factories in {@code
 * META-INF/services/io.perch.keycloak.steps.StepProviderFactory}.
 *
 * <p>If two factories have the same {@link #getId() id}, Keycloak uses one of them only. So use the id of the
 * authenticator or required action.
 */
public interface StepProviderFactory extends ProviderFactory<StepProvider> {

    /**
     * What the step is. It is called once, when Keycloak starts: after {@link #init}, maybe before {@link #postInit}.
     * If it throws an exception, or if the description is wrong, Keycloak does not start.
     *
     * @return the description; never null
     */
    StepDescription description();

    /** Does nothing. Override it to read options. */
    @Override
    default void init(Config.Scope config) {}

    /** Does nothing. */
    @Override
    default void postInit(KeycloakSessionFactory factory) {}

    /** Does nothing. */
    @Override
    default void close() {}
}
