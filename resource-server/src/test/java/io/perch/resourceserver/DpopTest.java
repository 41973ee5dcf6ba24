package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.perch.resourceserver.Api.Answer;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Tokens that are bound to a key of the client (RFC 9449). */
@ResourceServerTest
class DpopTest {

    private final Api api;
    private final ECKey key;
    private final String token;

    @Autowired
    DpopTest(Api api, AuthorizationServer server) throws JOSEException {
        this.api = api;
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

    private Answer call(String proof) {
        var nobody = api.withToken(null);
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
        try {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                    .type(new JOSEObjectType("dpop+jwt"))
                    .jwk(signer.toPublicJWK())
                    .build();
            JWTClaimsSet claims = new JWTClaimsSet.Builder()
                    .claim("htm", method)
                    .claim("htu", "http://127.0.0.1:" + api.port() + path)
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
