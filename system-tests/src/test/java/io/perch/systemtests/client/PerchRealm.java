package io.perch.systemtests.client;

import io.perch.systemtests.PerchSystem;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** The realm's endpoints for OAuth clients. */
public final class PerchRealm {

    /** The address of {@code perch-web}, or the realm's default if the environment has none. */
    public static final String FRONTEND_URL = System.getenv().getOrDefault("FRONTEND_URL", "http://localhost:3000");

    public static final String REDIRECT_URI = FRONTEND_URL + "/callback";

    private final Http http = new Http();
    private final URI base;

    public PerchRealm(PerchSystem system) {
        this(system, "perch");
    }

    /** A realm that is not {@code perch}. It need not have the clients of this class. */
    public PerchRealm(PerchSystem system, String name) {
        this.base = URI.create(system.keycloak() + "/realms/" + name);
    }

    /** The issuer. It is also the base of every endpoint. */
    public String issuer() {
        return base.toString();
    }

    public URI endpoint(String path) {
        return URI.create(base + path);
    }

    public URI tokenEndpoint() {
        return endpoint("/protocol/openid-connect/token");
    }

    public URI authorizationEndpoint(Map<String, String> parameters) {
        return endpoint("/protocol/openid-connect/auth?" + Http.encode(parameters));
    }

    /** A complete and correct authorization request of {@code perch-web}. Tests change parts of it. */
    public Map<String, String> authorizationRequest(Pkce pkce) {
        return new HashMap<>(Map.of(
                "client_id", "perch-web",
                "response_type", "code",
                "redirect_uri", REDIRECT_URI,
                "scope", "openid",
                "state", "state-of-the-test",
                "nonce", "nonce-of-the-test",
                "code_challenge", pkce.challenge(),
                "code_challenge_method", "S256"));
    }

    public Answer get(String path) {
        return http.get(endpoint(path), Map.of());
    }

    public Answer post(String path, Map<String, String> form) {
        return http.post(endpoint(path), Map.of(), form);
    }

    public Answer token(Map<String, String> form) {
        return token(Map.of(), form);
    }

    public Answer token(Map<String, String> headers, Map<String, String> form) {
        return http.post(tokenEndpoint(), headers, form);
    }

    public Answer passwordGrant(String clientId, TestUser user) {
        return token(Map.of(
                "grant_type",
                "password",
                "client_id",
                clientId,
                "username",
                user.username(),
                "password",
                user.password(),
                "scope",
                "openid"));
    }

    public Answer refresh(String clientId, String refreshToken) {
        return token(Map.of("grant_type", "refresh_token", "client_id", clientId, "refresh_token", refreshToken));
    }

    public Answer redeem(String code, Pkce pkce) {
        return token(Map.of(
                "grant_type",
                "authorization_code",
                "client_id",
                "perch-web",
                "redirect_uri",
                REDIRECT_URI,
                "code",
                code,
                "code_verifier",
                pkce.verifier()));
    }

    public Answer clientCredentials(String clientId, String secret, String scope) {
        return token(Map.of(
                "grant_type", "client_credentials",
                "client_id", clientId,
                "client_secret", secret,
                "scope", scope));
    }

    /** The response of the userinfo endpoint: 200 while the token's session exists. */
    public Answer userinfo(String accessToken) {
        return http.get(
                endpoint("/protocol/openid-connect/userinfo"), Map.of("Authorization", "Bearer " + accessToken));
    }
}
