package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.perch.resourceserver.Api.Answer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

@ResourceServerTest
class TokenTest {

    private static final String USER = "a-user";

    private final Api api;
    private final AuthorizationServer server;

    @Autowired
    TokenTest(Api api, AuthorizationServer server) {
        this.api = api;
        this.server = server;
    }

    @Test
    void aValidTokenIsAccepted() {
        assertThat(status(server.token(USER, "user"))).isEqualTo(200);
    }

    @Test
    void noTokenIsAnsweredWithAChallenge() {
        Answer answer = api.withToken(null).get("/tasks").isProblem(401, "unauthorized");

        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer").doesNotContain("error=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "a.b.c", "e30.e30.", "...", "🦉"})
    void garbageIsRefused(String token) {
        String encoded = new String(token.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        var request = api.withToken(null)
                .request("/tasks")
                .header("Authorization", "Bearer " + encoded.replaceAll("[^ -~]", "?"));

        refused(api.withToken(null).send(request));
    }

    @Test
    void algNoneIsRefused() {
        refused(new PlainJWT(server.claims(USER, List.of("user"), claims -> {})).serialize());
    }

    @Test
    void hs256WithThePublicKeyIsRefused() throws JOSEException {
        byte[] publicKey = server.key().toRSAPublicKey().getEncoded();
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(publicKey)
                + "\n-----END PUBLIC KEY-----\n";
        for (byte[] secret : List.of(publicKey, pem.getBytes(StandardCharsets.US_ASCII))) {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .type(new JOSEObjectType("at+jwt"))
                    .keyID(server.key().getKeyID())
                    .build();
            SignedJWT forged = new SignedJWT(header, server.claims(USER, List.of("user"), claims -> {}));
            forged.sign(new MACSigner(secret));

            refused(forged.serialize());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS384", "RS512", "PS256"})
    void anotherAlgorithmIsRefusedEvenWithTheRightKey(String algorithm) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.parse(algorithm))
                .type(new JOSEObjectType("at+jwt"))
                .keyID(server.key().getKeyID())
                .build();

        refused(AuthorizationServer.sign(header, server.claims(USER, List.of("user"), claims -> {}), server.key()));
    }

    @Test
    void aForeignKeyInAnyHeaderIsRefused() {
        RSAKey foreign = AuthorizationServer.makeKey();
        JWTClaimsSet claims = server.claims(USER, List.of("user"), unchanged -> {});
        URI elsewhere = URI.create("https://attacker.example/keys");
        String known = server.key().getKeyID();

        refused(AuthorizationServer.sign(server.header(foreign).build(), claims, foreign));
        refused(AuthorizationServer.sign(server.header(foreign).keyID(known).build(), claims, foreign));
        refused(AuthorizationServer.sign(
                server.header(foreign).jwk(foreign.toPublicJWK()).build(), claims, foreign));
        refused(AuthorizationServer.sign(
                server.header(foreign).keyID(known).jwk(foreign.toPublicJWK()).build(), claims, foreign));
        refused(AuthorizationServer.sign(
                server.header(foreign).jwkURL(elsewhere).build(), claims, foreign));
        refused(AuthorizationServer.sign(
                server.header(foreign).x509CertURL(elsewhere).build(), claims, foreign));
    }

    @Test
    void unknownKeyIdsCauseFewRequestsForKeys() {
        aValidTokenIsAccepted();
        int before = server.fetches();
        RSAKey foreign = AuthorizationServer.makeKey();
        for (int i = 0; i < 50; i++) {
            JWSHeader header =
                    server.header(foreign).keyID(UUID.randomUUID().toString()).build();
            refused(AuthorizationServer.sign(header, server.claims(USER, List.of("user"), claims -> {}), foreign));
        }

        assertThat(server.fetches() - before).isLessThanOrEqualTo(2);
        aValidTokenIsAccepted();
    }

    static Stream<Consumer<JWTClaimsSet.Builder>> wrongClaims() {
        Date past = Date.from(Instant.now().minusSeconds(120));
        Date future = Date.from(Instant.now().plusSeconds(120));
        return Stream.of(
                claims -> claims.expirationTime(past),
                claims -> claims.expirationTime(null),
                claims -> claims.notBeforeTime(future),
                claims -> claims.issuer("https://attacker.example/realms/perch"),
                claims -> claims.issuer(null),
                claims -> claims.audience("account"),
                claims -> claims.audience((String) null),
                claims -> claims.subject(null),
                claims -> claims.subject(" "));
    }

    @ParameterizedTest
    @MethodSource("wrongClaims")
    void aTokenWithWrongClaimsIsRefused(Consumer<JWTClaimsSet.Builder> change) {
        refused(server.token(USER, List.of("user"), change));
    }

    @Test
    void theAnswerNamesWhatIsWrongWithTheToken() {
        assertThat(reason(claims -> claims.issuer("https://attacker.example/realms/perch")))
                .contains("The iss claim is not valid");
        assertThat(reason(claims -> claims.audience("account"))).contains("The aud claim is not valid");
        Instant now = Instant.now();
        assertThat(reason(claims -> claims.issueTime(Date.from(now.minusSeconds(600)))
                        .expirationTime(Date.from(now.minusSeconds(120)))))
                .contains("Jwt expired at ");
    }

    private String reason(Consumer<JWTClaimsSet.Builder> change) {
        return api.withToken(server.token(USER, List.of("user"), change))
                .get("/tasks")
                .header("WWW-Authenticate");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "dpop+jwt", "logout+jwt", ""})
    void aTokenOfAnotherTypeIsRefused(String type) {
        JWSHeader header = server.header(server.key())
                .type(type.isEmpty() ? null : new JOSEObjectType(type))
                .build();

        refused(AuthorizationServer.sign(header, server.claims(USER, List.of("user"), claims -> {}), server.key()));
    }

    @Test
    void aTokenInTheQueryIsIgnored() {
        Answer answer = api.withToken(null).get("/tasks?access_token=" + server.token(USER, "user"));

        answer.isProblem(401, "unauthorized");
    }

    @Test
    void aDpopBoundTokenSentAsBearerIsRefused() {
        refused(server.token(USER, List.of("user"), claims -> claims.claim("cnf", Map.of("jkt", "thumbprint"))));
    }

    @Test
    void withoutTheRoleTheAnswerIsForbidden() {
        for (String token : List.of(
                server.token(USER),
                server.token(USER, "USER"),
                server.token(USER, List.of(), claims -> claims.claim("realm_access", "user")),
                server.token(USER, List.of(), claims -> claims.claim("scope", "user ROLE_user")),
                server.token(
                        USER,
                        List.of(),
                        claims -> claims.claim(
                                "resource_access", Map.of("perch-web", Map.of("roles", List.of("user"))))))) {
            Answer answer = api.withToken(token).get("/tasks").isProblem(403, "forbidden");

            assertThat(answer.header("WWW-Authenticate")).contains("error=\"insufficient_scope\"");
        }
    }

    @Test
    void metricsNeedTheirScopeOrAModerator() {
        api.withToken(null).get("/metrics").isProblem(401, "unauthorized");
        api.asNewUser().get("/metrics").isProblem(403, "forbidden");

        String scraper = server.token("scraper", List.of(), claims -> claims.claim("scope", "metrics"));
        assertThat(api.withToken(scraper).get("/metrics").raw().body()).contains("jvm_memory_used_bytes");
        assertThat(api.asNewUser("user", "moderator").get("/metrics").status()).isEqualTo(200);
    }

    @Test
    void aTokenWithATooLongLifetimeIsRefused() {
        Instant now = Instant.now();
        String tooLong = server.token("somebody", List.of("user"), claims -> claims.issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(911))));
        String undated = server.token("somebody", List.of("user"), claims -> claims.issueTime(null));

        refused(tooLong);
        refused(undated);
    }

    @Test
    void aTokenIssuedBetweenTwoSecondsIsAccepted() {
        Instant now = Instant.now();
        String token = server.token("somebody", List.of("user"), claims -> claims.issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(901))));

        assertThat(status(token)).isEqualTo(200);
    }

    private int status(String token) {
        return api.withToken(token).get("/tasks").status();
    }

    private void refused(String token) {
        refused(api.withToken(token).get("/tasks"));
    }

    private static void refused(Answer answer) {
        answer.isProblem(401, "unauthorized");
        assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer").contains("error=\"invalid_token\"");
    }
}
