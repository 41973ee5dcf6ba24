package io.perch.keycloak.authapi;

import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.models.AuthenticationFlowModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.RealmModel;

/** The flow that decides whether a verified address signs its user in, which the client or the realm names. */
final class VerifyEmailFlow {

    /** The attribute, of a client or of the realm, with the alias of a flow. */
    static final String ATTRIBUTE = "auth-api.verify-email-flow";

    private static final Logger LOG = Logger.getLogger(VerifyEmailFlow.class);

    private VerifyEmailFlow() {}

    /**
     * The flow; empty where neither client nor realm names one: then nobody is signed in by a code.
     *
     * @throws ProblemException where the named flow is not there: it is not replaced by another
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
