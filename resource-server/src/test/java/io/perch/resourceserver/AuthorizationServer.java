package io.perch.resourceserver;

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
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Signs tokens with its own keys and publishes the keys as a JWK Set. In the system tests Keycloak does this. These
 * tests also need tokens that Keycloak would not issue.
 */
final class AuthorizationServer {

    private static final String KEYS_PATH = "/realms/perch/protocol/openid-connect/certs";

    private final HttpServer server;
    private final List<RSAKey> keys = new CopyOnWriteArrayList<>();
    private final AtomicInteger fetches = new AtomicInteger();

    private AuthorizationServer(HttpServer server) {
        this.server = server;
    }

    static AuthorizationServer start() {
        return start(0);
    }

    static AuthorizationServer start(int port) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            AuthorizationServer started = new AuthorizationServer(server);
            started.newKey();
            server.createContext(KEYS_PATH, exchange -> {
                started.fetches.incrementAndGet();
                byte[] body = new JWKSet(List.copyOf(started.keys))
                        .toPublicJWKSet()
                        .toString()
                        .getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().add("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            return started;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void stop() {
        server.stop(0);
    }

    /** Adds a handler below the issuer's path. */
    void serve(String path, HttpHandler handler) {
        server.createContext("/realms/perch" + path, handler);
    }

    void stopServing(String path) {
        server.removeContext("/realms/perch" + path);
    }

    String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/realms/perch";
    }

    String keysUri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + KEYS_PATH;
    }

    int fetches() {
        return fetches.get();
    }

    RSAKey key() {
        return keys.get(keys.size() - 1);
    }

    /** Creates a key for new tokens. Older keys are still published. */
    RSAKey newKey() {
        RSAKey key = makeKey();
        keys.add(key);
        return key;
    }

    /** Creates a key and removes all others. */
    RSAKey replaceKeys() {
        RSAKey key = makeKey();
        keys.add(key);
        keys.removeIf(other -> !other.equals(key));
        return key;
    }

    static RSAKey makeKey() {
        try {
            return new RSAKeyGenerator(2048)
                    .keyID(UUID.randomUUID().toString())
                    .algorithm(JWSAlgorithm.RS256)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns a valid access token of a user with these realm roles. */
    String token(String subject, String... roles) {
        return token(subject, List.of(roles), claims -> {});
    }

    /** Returns an access token with some claims changed. */
    String token(String subject, List<String> roles, Consumer<JWTClaimsSet.Builder> change) {
        return sign(header(key()).build(), claims(subject, roles, change), key());
    }

    JWSHeader.Builder header(RSAKey key) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(new JOSEObjectType("at+jwt"))
                .keyID(key.getKeyID());
    }

    JWTClaimsSet claims(String subject, List<String> roles, Consumer<JWTClaimsSet.Builder> change) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer())
                .audience("perch-api")
                .subject(subject)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(900)))
                .claim("scope", "openid profile")
                .claim("realm_access", Map.of("roles", roles));
        change.accept(claims);
        return claims.build();
    }

    static String sign(JWSHeader header, JWTClaimsSet claims, RSAKey key) {
        try {
            SignedJWT jwt = new SignedJWT(header, claims);
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
