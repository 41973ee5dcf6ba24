package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.perch.resourceserver.Api.Answer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import redis.embedded.RedisServer;

/** Tokens that are bound to a key of the client (RFC 9449). */
@ResourceServerTest
class DpopTest {

    private final Api api;
    private final Environment environment;
    private final AuthorizationServer server;
    private final ECKey key;
    private final String token;

    @Autowired
    DpopTest(Api api, Environment environment, AuthorizationServer server) throws JOSEException {
        this.api = api;
        this.environment = environment;
        this.server = server;
        this.key = new ECKeyGenerator(Curve.P_256).generate();
        String thumbprint = key.computeThumbprint().toString();
        this.token = server.token("a-user", List.of("user"), claims -> claims.claim("cnf", Map.of("jkt", thumbprint)));
    }

    @Test
    void aTokenWithItsProofIsAcceptedOnce() {
        String proof = proof(key, "GET", "/tasks", Instant.now());

        assertThat(call(proof).status()).isEqualTo(200);
        refused(call(proof));
    }

    @Test
    void aTokenWithItsProofMayOpenAnEventStream() {
        var nobody = api.withToken(null);

        Answer answer = nobody.send(nobody.request("/tasks/events")
                .header("Authorization", "DPoP " + token)
                .header("DPoP", proof(key, "HEAD", "/tasks/events", Instant.now()))
                .method("HEAD", BodyPublishers.noBody()));

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void aProofForAnotherRequestIsRefused() throws JOSEException {
        refused(call(proof(key, "POST", "/tasks", Instant.now())));
        refused(call(proof(key, "GET", "/twitter-accounts", Instant.now())));
        refused(call(proof(key, "GET", "/tasks", Instant.now().minusSeconds(600))));
        refused(call(proof(new ECKeyGenerator(Curve.P_256).generate(), "GET", "/tasks", Instant.now())));
        refused(call("garbage"));
    }

    @Test
    void aTokenWithoutProofIsRefused() {
        api.withToken(token).get("/tasks").isProblem(401, "unauthorized");
    }

    /** With this key in Redis, another instance refuses the proof; see {@code UsedProofsTest}. */
    @Test
    void aUsedProofIsSharedWithOtherInstances() throws IOException, JOSEException {
        int port = freePort();
        RedisServer redis = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .build();
        redis.start();
        try (SecondInstance instance =
                        SecondInstance.start(environment, server, "REDIS_URL=redis://127.0.0.1:" + port);
                RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
                StatefulRedisConnection<String, String> connection = client.connect()) {
            String pattern = "perch:dpop:" + key.computeThumbprint() + ":*";
            // The first request opens the connection to Redis, which may take longer than a request waits for it
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                String uri = "http://127.0.0.1:" + instance.api().port() + "/tasks";
                assertThat(call(instance.api(), proofFor(key, "GET", uri, Instant.now()))
                                .status())
                        .isEqualTo(200);
                return !connection.sync().keys(pattern).isEmpty();
            });
        } finally {
            redis.stop();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Answer call(String proof) {
        return call(api, proof);
    }

    private Answer call(Api instance, String proof) {
        var nobody = instance.withToken(null);
        return nobody.send(nobody.request("/tasks")
                .header("Authorization", "DPoP " + token)
                .header("DPoP", proof)
                .GET());
    }

    private static void refused(Answer answer) {
        answer.isProblem(401, "unauthorized");
        assertThat(answer.header("WWW-Authenticate")).startsWith("DPoP").contains("algs=");
    }

    private String proof(ECKey signer, String method, String path, Instant issuedAt) {
        return proofFor(signer, method, "http://127.0.0.1:" + api.port() + path, issuedAt);
    }

    private String proofFor(ECKey signer, String method, String uri, Instant issuedAt) {
        try {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                    .type(new JOSEObjectType("dpop+jwt"))
                    .jwk(signer.toPublicJWK())
                    .build();
            JWTClaimsSet claims = new JWTClaimsSet.Builder()
                    .claim("htm", method)
                    .claim("htu", uri)
                    .claim("ath", hash(token))
                    .jwtID(UUID.randomUUID().toString())
                    .issueTime(Date.from(issuedAt))
                    .build();
            SignedJWT proof = new SignedJWT(header, claims);
            proof.sign(new ECDSASigner(signer));
            return proof.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hash(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
