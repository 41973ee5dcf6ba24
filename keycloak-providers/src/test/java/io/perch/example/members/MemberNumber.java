package io.perch.example.members;

import jakarta.ws.rs.core.Response;
import java.util.List;
import org.keycloak.Config;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.authentication.AuthenticationFlowError;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.AuthenticatorFactory;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.models.AuthenticationExecutionModel.Requirement;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.provider.ProviderConfigProperty;

/**
 * Asks for the number on the user's card, the attribute {@code member_number}. No test opens its page, so it has no
 * template.
 */
public class MemberNumber implements AuthenticatorFactory, Authenticator {

    /** The authenticator that {@link MemberNumberStep} describes. */
    static final String ID = "member-number";

    /** The same authenticator, with {@link FaultyStep}. */
    static final String FAULTY = "member-number-faulty";

    /** The authenticator of {@link SilentStep}. */
    static final String SILENT = "member-number-silent";

    private static final String ATTRIBUTE = "member_number";
    private static final int DIGITS = 6;

    private final String id;

    /** With a description. */
    public MemberNumber() {
        this(ID);
    }

    private MemberNumber(String id) {
        this.id = id;
    }

    /** The same authenticator under an id that nothing describes. */
    public static final class Undescribed extends MemberNumber {

        /** For Keycloak. */
        public Undescribed() {
            super(ID + "-undescribed");
        }
    }

    /** The same authenticator, whose description has faults. */
    public static final class Faulty extends MemberNumber {

        /** For Keycloak. */
        public Faulty() {
            super(FAULTY);
        }
    }

    /** Does not say on its page that an entry was wrong. It takes {@code skip} for an answer, whether the page has it or not. */
    public static final class Silent extends MemberNumber {

        /** For Keycloak. */
        public Silent() {
            super(SILENT);
        }

        @Override
        public void action(AuthenticationFlowContext context) {
            var form = context.getHttpRequest().getDecodedFormParameters();
            if (form.containsKey("skip") || isRight(context)) {
                context.success();
            } else {
                context.failureChallenge(AuthenticationFlowError.INVALID_CREDENTIALS, page(context.form()));
            }
        }
    }

    @Override
    public void authenticate(AuthenticationFlowContext context) {
        context.challenge(page(context.form()));
    }

    @Override
    public void action(AuthenticationFlowContext context) {
        if (isRight(context)) {
            context.success();
        } else {
            context.failureChallenge(
                    AuthenticationFlowError.INVALID_CREDENTIALS,
                    page(context.form().setError("wrongMemberNumber")));
        }
    }

    private static boolean isRight(AuthenticationFlowContext context) {
        String number = context.getHttpRequest().getDecodedFormParameters().getFirst("number");
        return number != null && number.equals(context.getUser().getFirstAttribute(ATTRIBUTE));
    }

    private static Response page(LoginFormsProvider form) {
        return form.setAttribute("digits", DIGITS).createForm("member-number.ftl");
    }

    @Override
    public boolean requiresUser() {
        return true;
    }

    @Override
    public boolean configuredFor(KeycloakSession session, RealmModel realm, UserModel user) {
        return user.getFirstAttribute(ATTRIBUTE) != null;
    }

    @Override
    public void setRequiredActions(KeycloakSession session, RealmModel realm, UserModel user) {}

    @Override
    public Authenticator create(KeycloakSession session) {
        return this;
    }

    @Override
    public String getId() {
        return id;
    }

    @Override
    public String getDisplayType() {
        return "Member number";
    }

    @Override
    public String getReferenceCategory() {
        return ID;
    }

    @Override
    public boolean isConfigurable() {
        return false;
    }

    @Override
    public Requirement[] getRequirementChoices() {
        return new Requirement[] {Requirement.REQUIRED, Requirement.ALTERNATIVE, Requirement.DISABLED};
    }

    @Override
    public boolean isUserSetupAllowed() {
        return false;
    }

    @Override
    public String getHelpText() {
        return "Asks for the number on the card.";
    }

    @Override
    public List<ProviderConfigProperty> getConfigProperties() {
        return List.of();
    }

    @Override
    public void init(Config.Scope config) {}

    @Override
    public void postInit(KeycloakSessionFactory factory) {}

    @Override
    public void close() {}
}
