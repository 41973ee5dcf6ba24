package io.perch.console.signin;

/**
 * The data of a started sign-in that its callback needs.
 *
 * @param state the state of the authorization request (RFC 6749, section 4.1.1)
 * @param nonce the value whose hash Keycloak puts into the ID token
 * @param codeVerifier the PKCE code verifier (RFC 7636, section 4.1)
 * @param target the page to show next
 */
record PendingSignIn(String state, String nonce, String codeVerifier, String target) {

    /** Without the verifier, because it may be logged. */
    @Override
    public String toString() {
        return "PendingSignIn[target=%s]".formatted(target);
    }
}
