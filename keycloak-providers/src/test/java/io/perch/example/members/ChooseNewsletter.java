package io.perch.example.members;

import jakarta.ws.rs.core.Response;
import java.util.List;
import org.keycloak.Config;
import org.keycloak.authentication.RequiredActionContext;
import org.keycloak.authentication.RequiredActionFactory;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/** Asks which newsletter the user wants, and stores the answer as an attribute. */
public class ChooseNewsletter implements RequiredActionFactory, RequiredActionProvider {

    /** The required action that {@link NewsletterStep} describes. */
    static final String ID = "choose-newsletter";

    private static final String ATTRIBUTE = "newsletter";
    private static final List<String> NEWSLETTERS = List.of("none", "weekly");

    /** The same required action under an id that nothing describes. */
    public static final class Undescribed extends ChooseNewsletter {

        @Override
        public String getId() {
            return ID + "-undescribed";
        }
    }

    @Override
    public void evaluateTriggers(RequiredActionContext context) {}

    @Override
    public void requiredActionChallenge(RequiredActionContext context) {
        context.challenge(page(context.form()));
    }

    @Override
    public void processAction(RequiredActionContext context) {
        String newsletter = context.getHttpRequest().getDecodedFormParameters().getFirst("newsletter");
        if (newsletter != null && NEWSLETTERS.contains(newsletter)) {
            context.getUser().setSingleAttribute(ATTRIBUTE, newsletter);
            context.success();
        } else {
            context.challenge(page(context.form().setError("unknownNewsletter")));
        }
    }

    private static Response page(LoginFormsProvider form) {
        return form.setAttribute("newsletters", NEWSLETTERS).createForm("newsletter.ftl");
    }

    @Override
    public RequiredActionProvider create(KeycloakSession session) {
        return this;
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public String getDisplayText() {
        return "Choose a newsletter";
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
