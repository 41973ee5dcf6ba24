package io.perch.keycloak.authapi;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.models.ClientModel;
import org.keycloak.protocol.oidc.utils.AuthorizeClientUtil;
import org.keycloak.protocol.oidc.utils.AuthorizeClientUtil.ClientAuthResult;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.ResourceOwnerPasswordCredentialsContext;

/**
 * Client authentication as at the token endpoint: HTTP Basic, or the token endpoint's parameters as members of the body. A request
 * without a client uses the realm's default client.
 *
 * @param client the authenticated client
 * @param form the members about the client, as a form
 * @param notes the notes that Keycloak's authenticator adds to the user session
 */
record ClientAuthentication(ClientModel client, MultivaluedMap<String, String> form, Map<String, String> notes) {

    /** The members of a body that identify and authenticate a client (RFC 6749, section 2.3.1; RFC 7521, section 4.2). */
    static final Set<String> MEMBERS = Set.of(
            OAuth2Constants.CLIENT_ID,
            OAuth2Constants.CLIENT_SECRET,
            OAuth2Constants.CLIENT_ASSERTION,
            OAuth2Constants.CLIENT_ASSERTION_TYPE);

    /**
     * The members of a body that are about the client, as a form. Without any, it names the realm's default client.
     *
     * @throws ProblemException if the request names no client and the realm has no default client
     */
    static MultivaluedMap<String, String> form(Call call, Fields fields) {
        MultivaluedMap<String, String> form = new MultivaluedHashMap<>();
        MEMBERS.forEach(name -> fields.secret(name).ifPresent(value -> form.putSingle(name, value)));
        if (form.isEmpty() && !isBasic(call)) {
            String client = call.settings()
                    .defaultClientOf(call.realm())
                    .orElseThrow(() -> ProblemException.of(ProblemType.INVALID_CLIENT, "The request names no client"));
            form.putSingle(OAuth2Constants.CLIENT_ID, client);
        }
        return form;
    }

    private static boolean isBasic(Call call) {
        String header = call.request().getHttpHeaders().getHeaderString(HttpHeaders.AUTHORIZATION);
        return header != null && header.toLowerCase(Locale.ROOT).startsWith("basic ");
    }

    /**
     * Authenticates the client and checks that it may sign users in by password.
     *
     * @throws ProblemException if it may not, or if the authentication fails
     */
    static ClientAuthentication forPasswords(Call call, Fields fields) {
        ClientAuthentication authentication = of(call, fields);
        authentication.checkPasswordGrant(call);
        return authentication;
    }

    private static ClientAuthentication of(Call call, Fields fields) {
        MultivaluedMap<String, String> form = form(call, fields);
        ClientAuthResult[] result = new ClientAuthResult[1];
        Response response = Endpoint.run(call, form, () -> {
            result[0] = AuthorizeClientUtil.authorizeClient(
                    call.session(), call.event(), call.origins().cors());
            return Response.ok().build();
        });
        if (response.getStatus() != 200) {
            throw Endpoint.refused(response);
        }
        ClientModel client = result[0].getClient();
        call.origins().admit(client);
        if (client.isBearerOnly()) {
            throw ProblemException.of(ProblemType.INVALID_CLIENT, "Bearer-only not allowed");
        }
        call.event().client(client);
        UserAddress.use(call, client);
        return new ClientAuthentication(client, form, result[0].getClientAuthAttributes());
    }

    private void checkPasswordGrant(Call call) {
        if (!client.isDirectAccessGrantsEnabled()) {
            throw refuse(call, Errors.NOT_ALLOWED, "Client not allowed for direct access grants");
        }
        if (client.isConsentRequired()) {
            throw refuse(call, Errors.CONSENT_DENIED, "Client requires user consent");
        }
        try {
            call.session()
                    .clientPolicy()
                    .triggerOnEvent(new ResourceOwnerPasswordCredentialsContext(call.session(), form));
        } catch (ClientPolicyException e) {
            call.event()
                    .detail(Details.REASON, Details.CLIENT_POLICY_ERROR)
                    .detail(Details.CLIENT_POLICY_ERROR, e.getError())
                    .detail(Details.CLIENT_POLICY_ERROR_DETAIL, e.getErrorDetail())
                    .error(e.getError());
            throw refusedByPolicy(e.getErrorDetail());
        }
    }

    /** The refusal by a client policy. Its own error codes are replaced by one, because the client is always the reason. */
    static ProblemException refusedByPolicy(@Nullable String detail) {
        return ProblemException.of(ProblemType.UNAUTHORIZED_CLIENT, detail);
    }

    private static ProblemException refuse(Call call, String error, String reason) {
        call.event().detail(Details.REASON, reason).error(error);
        return ProblemException.of(Problem.ofOAuth(400, OAuthErrorException.UNAUTHORIZED_CLIENT, reason));
    }
}
