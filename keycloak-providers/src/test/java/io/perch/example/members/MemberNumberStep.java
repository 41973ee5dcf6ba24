package io.perch.example.members;

import io.perch.keycloak.steps.StepDescription;
import io.perch.keycloak.steps.StepProvider;
import io.perch.keycloak.steps.StepProviderFactory;
import java.util.Map;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;

/** The authenticator {@code member-number}, which comes after the password: how an app asks for the number. */
public final class MemberNumberStep implements StepProviderFactory {

    @Override
    public String getId() {
        return "member-number";
    }

    @Override
    public StepDescription description() {
        return StepDescription.ofAuthenticator("member-number", "member_number")
                .withFields("member_number")
                .withDetails("digits")
                .withFormParameters("number")
                .withProof()
                .withoutLookUp();
    }

    @Override
    public StepProvider create(KeycloakSession session) {
        return new Provider();
    }

    private static final class Provider implements StepProvider {

        @Override
        public Map<String, Object> details(Map<String, Object> page) {
            return page.get("digits") instanceof Integer digits ? Map.of("digits", digits) : Map.of();
        }

        @Override
        public Optional<Map<String, String>> form(Map<String, String> entry) {
            return Optional.ofNullable(entry.get("member_number")).map(number -> Map.of("number", number));
        }
    }
}
