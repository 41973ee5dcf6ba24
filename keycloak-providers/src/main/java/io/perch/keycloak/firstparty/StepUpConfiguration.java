package io.perch.keycloak.firstparty;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import org.keycloak.representations.idm.ClientPolicyExecutorConfigurationRepresentation;

/**
 * The configuration of a {@link StepUpExecutor} in a client profile. Keycloak refuses to save a profile where it is
 * not valid.
 */
final class StepUpConfiguration extends ClientPolicyExecutorConfigurationRepresentation {

    static final String MAX_AGE = "max-age";

    /** Seconds; null where the field was left empty. */
    @JsonProperty(MAX_AGE)
    private @Nullable Integer maxAge;

    /** Seconds that a sign-in may be old; 0 where there is no limit. */
    int maxAge() {
        return maxAge == null ? 0 : maxAge;
    }

    @Override
    public boolean validateConfig() {
        return maxAge() >= 0;
    }
}
