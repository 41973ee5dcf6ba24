package io.perch.example.members;

import io.perch.keycloak.steps.StepDescription;
import io.perch.keycloak.steps.StepProvider;
import io.perch.keycloak.steps.StepProviderFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;

/** A step with a field that its page never asks for. */
public final class SilentStep implements StepProviderFactory {

    @Override
    public String getId() {
        return MemberNumber.SILENT;
    }

    @Override
    public StepDescription description() {
        return StepDescription.ofAuthenticator(MemberNumber.SILENT, "silent")
                .withFields("silent_number", "silent_skip")
                .withFormParameters("number", "skip")
                .withProof()
                .withoutLookUp();
    }

    @Override
    public StepProvider create(KeycloakSession session) {
        return new Provider();
    }

    private static final class Provider implements StepProvider {

        @Override
        public boolean asksFor(String field, Map<String, Object> page) {
            return !field.equals("silent_skip");
        }

        @Override
        public Optional<Map<String, String>> form(Map<String, String> entry) {
            Map<String, String> form = new HashMap<>();
            if (entry.containsKey("silent_number")) {
                form.put("number", entry.get("silent_number"));
            }
            if (entry.containsKey("silent_skip")) {
                form.put("skip", "on");
            }
            return form.isEmpty() ? Optional.empty() : Optional.of(form);
        }
    }
}
