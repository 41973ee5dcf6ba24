package io.perch.systemtests.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.PerchApi;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which tokens of Keycloak the resource server accepts. */
class TokenIT extends PipelineSystemTest {

    private final Answer tokens;

    TokenIT(PerchSystem system) {
        super(system);
        this.tokens = realm.passwordGrant("perch-cli", user);
    }

    @Test
    void anAccessTokenIsAccepted() {
        assertThat(status(tokens.field("access_token"))).isEqualTo(200);
    }

    @Test
    void aMissingAndAMalformedTokenAreRefused() {
        Answer answer = PerchApi.anonymous(system).get("/tasks");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate").orElse("")).startsWith("Bearer");
        assertThat(status("garbage")).isEqualTo(401);
    }

    @Test
    void anIdTokenAndARefreshTokenAreRefused() {
        assertThat(tokens.field("id_token")).isNotEmpty();
        assertThat(status(tokens.field("id_token"))).isEqualTo(401);
        assertThat(status(tokens.field("refresh_token"))).isEqualTo(401);
    }

    @Test
    void algNoneIsRefused() throws ParseException {
        assertThat(status(new PlainJWT(claims()).serialize())).isEqualTo(401);
    }

    @Test
    void hs256SignedWithThePublicKeyIsRefused() throws ParseException, JOSEException {
        SignedJWT genuine = SignedJWT.parse(tokens.field("access_token"));
        JWKSet keys = JWKSet.parse(realm.get("/protocol/openid-connect/certs").body());
        RSAKey key = keys.getKeyByKeyId(genuine.getHeader().getKeyID()).toRSAKey();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(new JOSEObjectType("at+jwt"))
                .keyID(key.getKeyID())
                .build();
        SignedJWT forged = new SignedJWT(header, claims());
        forged.sign(new MACSigner(key.toRSAPublicKey().getEncoded()));

        assertThat(status(forged.serialize())).isEqualTo(401);
    }

    @Test
    void aTokenWhoseClaimsWereChangedIsRefused() throws ParseException {
        String[] parts = tokens.field("access_token").split("\\.", -1);
        JWTClaimsSet other = new JWTClaimsSet.Builder(claims())
                .subject(UUID.randomUUID().toString())
                .build();
        String payload = new PlainJWT(other).serialize().split("\\.", -1)[1];

        assertThat(status(parts[0] + "." + payload + "." + parts[2])).isEqualTo(401);
    }

    @Test
    void aTokenWithAnotherAudienceIsRefused() {
        String forOthers = serviceToken(Map.of(), List.of("basic"));

        assertThat(status(forOthers)).isEqualTo(401);
    }

    @Test
    void anExpiredTokenIsRefused() {
        String shortLived = serviceToken(Map.of("access.token.lifespan", "1"), List.of("basic", "perch-api"));

        assertThat(status(shortLived)).isEqualTo(200);
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(status(shortLived)).isEqualTo(401));
    }

    @Test
    void aTokenOfTheMasterRealmIsRefused() {
        assertThat(status(admin.accessToken())).isEqualTo(401);
    }

    @Test
    void metricsNeedTheirScope() {
        Answer service = realm.clientCredentials("perch-service", admin.secretOf("perch-service"), "metrics");

        assertThat(PerchApi.withToken(system, service.field("access_token"))
                        .get("/metrics")
                        .body())
                .contains("http_server_requests_seconds");
        assertThat(api.get("/metrics").status()).isEqualTo(403);
        assertThat(PerchApi.anonymous(system).get("/metrics").status()).isEqualTo(401);
    }

    private JWTClaimsSet claims() throws ParseException {
        return SignedJWT.parse(tokens.field("access_token")).getJWTClaimsSet();
    }

    private int status(String token) {
        return PerchApi.withToken(system, token).get("/tasks").status();
    }

    /** A token of a client that is created for this test. */
    private String serviceToken(Map<String, String> attributes, List<String> scopes) {
        String clientId = "test-" + UUID.randomUUID();
        var all = new HashMap<>(attributes);
        all.put("access.token.header.type.rfc9068", "true");
        Answer made = admin.create(
                "/clients",
                Map.of(
                        "clientId",
                        clientId,
                        "publicClient",
                        false,
                        "clientAuthenticatorType",
                        "client-secret",
                        "serviceAccountsEnabled",
                        true,
                        "standardFlowEnabled",
                        false,
                        "defaultClientScopes",
                        scopes,
                        "attributes",
                        all));
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        Answer answer = realm.clientCredentials(clientId, admin.secretOf(clientId), "openid");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.field("access_token");
    }
}
