package io.perch.example.members;

import io.perch.keycloak.steps.StepDescription;
import io.perch.keycloak.steps.StepProvider;
import io.perch.keycloak.steps.StepProviderFactory;
import java.util.Map;
import java.util.Optional;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSession;

/** A step whose code throws exceptions. The option {@code type} gives it a type that may be wrong. */
public final class FaultyStep implements StepProviderFactory {

    private String type = "faulty";

    @Override
    public String getId() {
        return MemberNumber.FAULTY;
    }

    @Override
    public void init(Config.Scope config) {
        type = config.get("type", type);
    }

    @Override
    public StepDescription description() {
        return StepDescription.ofAuthenticator(MemberNumber.FAULTY, type)
                .withFields("faulty")
                .withoutLookUp();
    }

    @Override
    public StepProvider create(KeycloakSession session) {
        return new Provider();
    }

    private static final class Provider implements StepProvider {

        @Override
        public Optional<Map<String, String>> form(Map<String, String> entry) {
            throw new IllegalArgumentException("Nobody may read " + entry);
        }
    }
}
