package io.perch.keycloak.headless;

/** What a flow is for. A handle of one kind does not continue a flow of another. */
public enum FlowKind {

    /** The browser flow, which ends with an authorization code. */
    SIGN_IN
}
