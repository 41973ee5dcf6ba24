package io.perch.keycloak.headless;

/** What a flow is for. A handle of one kind does not continue a flow of another. */
public enum FlowKind {

    /** The browser flow, which ends with an authorization code. */
    SIGN_IN,

    /** The registration flow, which ends as a sign-in of the new user. */
    REGISTRATION,

    /** The flow for a forgotten password, which ends with a new password and signs nobody in. */
    PASSWORD_RESET
}
