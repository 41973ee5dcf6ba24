package io.perch.example.members;

import io.perch.keycloak.steps.StepDescription;
import io.perch.keycloak.steps.StepProvider;
import io.perch.keycloak.steps.StepProviderFactory;
import java.util.Map;
import java.util.Optional;
import org.keycloak.models.KeycloakSession;

/** The required action {@code choose-newsletter}: how an app asks for the newsletter. */
public final class NewsletterStep implements StepProviderFactory {

    private static final String NEWSLETTER = "newsletter";
    private static final String NEWSLETTERS = "newsletters";

    @Override
    public String getId() {
        return ChooseNewsletter.ID;
    }

    @Override
    public StepDescription description() {
        return StepDescription.ofRequiredAction(ChooseNewsletter.ID, "newsletter")
                .withFields(NEWSLETTER)
                .withDetails(NEWSLETTERS)
                .withFormParameters(NEWSLETTER)
                .withoutLookUp();
    }

    @Override
    public StepProvider create(KeycloakSession session) {
        return new Provider();
    }

    private static final class Provider implements StepProvider {

        @Override
        public Map<String, Object> details(Map<String, Object> page) {
            return page.containsKey(NEWSLETTERS) ? Map.of(NEWSLETTERS, page.get(NEWSLETTERS)) : Map.of();
        }

        @Override
        public Optional<Map<String, String>> form(Map<String, String> entry) {
            return entry.isEmpty() ? Optional.empty() : Optional.of(entry);
        }
    }
}
