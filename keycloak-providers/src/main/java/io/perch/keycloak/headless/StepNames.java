package io.perch.keycloak.headless;

import java.util.Set;
import java.util.regex.Pattern;

/** Which names the steps of other extensions may use. */
final class StepNames {

    /** What {@link #isName} takes, for messages. */
    static final String RULE = "a letter, and then letters, digits and underscores, at most 64 in all";

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");
    private static final Pattern FORM_PARAMETER = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,99}");

    /** Parameters that Keycloak adds to authorization requests begin so. */
    private static final String OF_KEYCLOAK = "kc_";

    /**
     * Parameters of requests and answers: the registry "OAuth Parameters" of the IANA, OpenID Connect (Core, CIBA,
     * RP-Initiated Logout), OpenID for Verifiable Credentials, and draft-ietf-oauth-first-party-apps-04.
     */
    private static final Set<String> OF_REQUESTS = Set.of(
            "access_token",
            "ace_client_recipientid",
            "ace_profile",
            "ace_server_recipientid",
            "acr_values",
            "actor_token",
            "actor_token_type",
            "assertion",
            "aud",
            "audience",
            "auth_req_id",
            "auth_session",
            "authorization_details",
            "binding_message",
            "claim_token",
            "claim_token_format",
            "claims",
            "claims_locales",
            "client_assertion",
            "client_assertion_type",
            "client_id",
            "client_metadata",
            "client_notification_token",
            "client_secret",
            "cnf",
            "code",
            "code_challenge",
            "code_challenge_method",
            "code_verifier",
            "dcql_query",
            "device_code",
            "display",
            "dpop_jkt",
            "error",
            "error_description",
            "error_uri",
            "exp",
            "expires_in",
            "grant_type",
            "iat",
            "id_token",
            "id_token_hint",
            "interval",
            "iss",
            "issued_token_type",
            "issuer_state",
            "jti",
            "login_hint",
            "login_hint_token",
            "logout_hint",
            "max_age",
            "nbf",
            "nfv_token",
            "nonce",
            "nonce1",
            "nonce2",
            "password",
            "pct",
            "post_logout_redirect_uri",
            "presentation_definition",
            "presentation_submission",
            "prompt",
            "redirect_uri",
            "refresh_token",
            "registration",
            "req_cnf",
            "request",
            "request_uri",
            "request_uri_method",
            "requested_expiry",
            "requested_token_type",
            "resource",
            "response_mode",
            "response_type",
            "rpt",
            "rs_cnf",
            "scope",
            "session_state",
            "state",
            "sub",
            "subject_token",
            "subject_token_type",
            "ticket",
            "token",
            "token_type",
            "token_type_hint",
            "transaction_data",
            "trust_chain",
            "tx_code",
            "ui_locales",
            "upgraded",
            "user_code",
            "user_hint",
            "username",
            "verifier_info",
            "vp_token",
            "vtr",
            "wallet_issuer");

    /** Members that any challenge can have. */
    private static final Set<String> OF_CHALLENGES = Set.of("type", "fields", "alternatives", "errors");

    /**
     * Parameters with which Keycloak leaves the step for another one, or ends it: they are read in every form of a flow
     * ({@code DefaultAuthenticationFlow}), or of required actions ({@code LoginActionsService},
     * {@code TermsAndConditions}).
     */
    private static final Set<String> OF_EVERY_FORM = Set.of(
            "authenticationExecution",
            "auth_session_id",
            "cancel",
            "cancel-aia",
            "client_data",
            "client_id",
            "execution",
            "session_code",
            "switchOrganization",
            "tab_id",
            "tryAnotherWay");

    /** Parameters for authenticators that run next with the same form: {@code kc.org} chooses an organization. */
    private static final Pattern OF_LATER_STEPS = Pattern.compile("kc[._].*");

    private StepNames() {}

    /** Whether it may be a type, a field or a detail. */
    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Whether a request of OAuth or OpenID Connect can have a parameter of this name. */
    static boolean isRequestParameter(String name) {
        return OF_REQUESTS.contains(name) || name.startsWith(OF_KEYCLOAK);
    }

    /** Whether a challenge can have this member, whatever its step. */
    static boolean isChallengeMember(String name) {
        return OF_CHALLENGES.contains(name);
    }

    /** Whether a form may have this parameter: Keycloak leaves it to the step. */
    static boolean isFormParameter(String name) {
        return FORM_PARAMETER.matcher(name).matches()
                && !OF_EVERY_FORM.contains(name)
                && !OF_LATER_STEPS.matcher(name).matches();
    }

    /** A name that is no conflict, for messages. */
    static String proposal(String name) {
        return "another name, such as acme_" + name;
    }
}
