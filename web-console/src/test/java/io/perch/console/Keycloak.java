package io.perch.console;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The parts of a Keycloak realm that the console uses: keys, a token endpoint with PKCE and single-use refresh tokens,
 * and logout tokens. {@link #grant} replaces the authorization endpoint.
 */
final class Keycloak {

    /** The next user who signs in, and the lifetime of the access token. */
    record Grant(String username, List<String> roles, String sessionId, int accessTokenSeconds) {

        static Grant of(String username, String... roles) {
            return new Grant(username, List.of(roles), UUID.randomUUID().toString(), 900);
        }

        Grant lasting(int seconds) {
            return new Grant(username, roles, sessionId, seconds);
        }
    }

    private record Pending(Grant grant, String nonce, String challenge) {}

    static final String SECRET = "secret-of-the-console";

    private final HttpServer server;
    private final RSAKey key;
    private final Map<String, Pending> codes = new ConcurrentHashMap<>();
    private final Map<String, Grant> refreshTokens = new ConcurrentHashMap<>();
    private final Set<String> endedSessions = ConcurrentHashMap.newKeySet();
    private final AtomicInteger refreshes = new AtomicInteger();
    private final AtomicInteger reused = new AtomicInteger();

    private Keycloak(HttpServer server, RSAKey key) {
        this.server = server;
        this.key = key;
    }

    static Keycloak start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            RSAKey key = new RSAKeyGenerator(2048)
                    .keyID(UUID.randomUUID().toString())
                    .algorithm(JWSAlgorithm.RS256)
                    .generate();
            Keycloak keycloak = new Keycloak(server, key);
            server.createContext("/realms/perch/protocol/openid-connect/certs", keycloak::keys);
            server.createContext("/realms/perch/protocol/openid-connect/token", keycloak::token);
            server.createContext("/realms/perch/protocol/openid-connect/logout", keycloak::logout);
            server.setExecutor(Executors.newCachedThreadPool(work -> {
                Thread thread = new Thread(work);
                thread.setDaemon(true);
                return thread;
            }));
            server.start();
            return keycloak;
        } catch (IOException | JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/realms/perch";
    }

    /** Returns a code for this request, as the authorization endpoint does. */
    String grant(Map<String, String> authorizationRequest, Grant grant) {
        String code = UUID.randomUUID().toString();
        codes.put(
                code,
                new Pending(
                        grant,
                        authorizationRequest.getOrDefault("nonce", ""),
                        authorizationRequest.getOrDefault("code_challenge", "")));
        return code;
    }

    /** Ends a session. Its refresh tokens are then refused. */
    void end(String sessionId) {
        endedSessions.add(sessionId);
    }

    boolean hasEnded(Grant grant) {
        return endedSessions.contains(grant.sessionId());
    }

    int refreshes() {
        return refreshes.get();
    }

    /** Returns how often a used refresh token was sent. With Keycloak each of these ends a session. */
    int reused() {
        return reused.get();
    }

    /** A logout token (OpenID Connect Back-Channel Logout 1.0, section 2.4). */
    String logoutToken(String subject, String sessionId) {
        return sign("logout+jwt", claims -> claims.audience("perch-console")
                .subject(subject)
                .jwtID(UUID.randomUUID().toString())
                .claim("sid", sessionId)
                .claim("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of())));
    }

    private void keys(HttpExchange exchange) throws IOException {
        answer(exchange, 200, new JWKSet(key).toPublicJWKSet().toString());
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        String basic = Base64.getEncoder().encodeToString(("perch-console:" + SECRET).getBytes(StandardCharsets.UTF_8));
        if (!("Basic " + basic).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "{\"error\":\"invalid_client\"}");
        } else if ("refresh_token".equals(form.get("grant_type"))) {
            refresh(exchange, form.getOrDefault("refresh_token", ""));
        } else {
            redeem(exchange, form);
        }
    }

    private void logout(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        Grant grant = refreshTokens.remove(form.getOrDefault("refresh_token", ""));
        if (grant == null) {
            answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
        } else {
            end(grant.sessionId());
            answer(exchange, 200, "{}");
        }
    }

    private void redeem(HttpExchange exchange, Map<String, String> form) throws IOException {
        Pending pending = codes.remove(form.getOrDefault("code", ""));
        if (pending == null
                || !challenge(form.getOrDefault("code_verifier", "")).equals(pending.challenge())) {
            answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
        } else {
            answer(exchange, 200, tokens(pending.grant(), pending.nonce()));
        }
    }

    private void refresh(HttpExchange exchange, String token) throws IOException {
        refreshes.incrementAndGet();
        Grant grant = refreshTokens.remove(token);
        if (grant == null) {
            reused.incrementAndGet();
        }
        if (grant == null || endedSessions.contains(grant.sessionId())) {
            answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
        } else {
            answer(exchange, 200, tokens(grant.lasting(900), ""));
        }
    }

    private String tokens(Grant grant, String nonce) {
        String refreshToken = UUID.randomUUID().toString();
        refreshTokens.put(refreshToken, grant);
        String idToken = sign("JWT", claims -> claims.audience("perch-console")
                .subject("id-of-" + grant.username())
                .claim("azp", "perch-console")
                .claim("nonce", nonce)
                .claim("sid", grant.sessionId())
                .claim("preferred_username", grant.username())
                .claim("realm_access", Map.of("roles", grant.roles())));
        return """
                {"access_token":"access-%s","token_type":"Bearer","expires_in":%d,"refresh_token":"%s","id_token":"%s","scope":"openid"}""".formatted(UUID.randomUUID(), grant.accessTokenSeconds(), refreshToken, idToken);
    }

    private String sign(String type, Consumer<JWTClaimsSet.Builder> change) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)));
        change.accept(claims);
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .type(new JOSEObjectType(type))
                            .keyID(key.getKeyID())
                            .build(),
                    claims.build());
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String challenge(String verifier) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, String> form(String text) {
        Map<String, String> values = new HashMap<>();
        for (String pair : text.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
