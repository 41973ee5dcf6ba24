package io.perch.keycloak.authapi;

import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.models.AuthenticationFlowModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.RealmModel;

/** The flow that decides whether the verification of an address signs the user in. The client or the realm configures it. */
final class VerifyEmailFlow {

    /** The attribute, of a client or of the realm, with the alias of a flow. */
    static final String ATTRIBUTE = "auth-api.verify-email-flow";

    private static final Logger LOG = Logger.getLogger(VerifyEmailFlow.class);

    private VerifyEmailFlow() {}

    /**
     * The flow; empty if neither client nor realm has one. Then a code signs nobody in.
     *
     * @throws ProblemException if the configured flow does not exist; no other flow replaces it
     */
    static Optional<AuthenticationFlowModel> of(RealmModel realm, ClientModel client) {
        return Optional.ofNullable(client.getAttribute(ATTRIBUTE))
                .or(() -> Optional.ofNullable(realm.getAttribute(ATTRIBUTE)))
                .filter(alias -> !alias.isBlank())
                .map(alias -> named(realm, alias));
    }

    private static AuthenticationFlowModel named(RealmModel realm, String alias) {
        AuthenticationFlowModel flow = realm.getFlowByAlias(alias);
        if (flow == null || !flow.isTopLevel()) {
            LOG.errorf("auth_api_flow_missing realm=%s flow=%s: %s names no flow", realm.getName(), alias, ATTRIBUTE);
            throw ProblemException.of(ProblemType.FORBIDDEN, "The realm's flow for verified addresses is missing");
        }
        return flow;
    }
}
