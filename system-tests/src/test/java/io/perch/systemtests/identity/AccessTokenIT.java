package io.perch.systemtests.identity;

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
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Browser;
import io.perch.systemtests.client.Pkce;
import io.perch.systemtests.client.Token;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The access token: RFC 9068, and the claims that Perch needs. */
class AccessTokenIT extends IdentityTest {

    AccessTokenIT(PerchSystem system) {
        super(system);
    }

    @Test
    void anAccessTokenFollowsRfc9068AndIsSignedWithRs256() {
        var token = Token.access(realm.passwordGrant("perch-cli", admin.createUser()));

        assertThat(token.header().path("typ").asString("")).isEqualTo("at+jwt");
        assertThat(token.header().path("alg").asString("")).isEqualTo("RS256");
        assertThat(token.claim("iss")).isEqualTo(realm.issuer());
        assertThat(token.claim("client_id")).isEqualTo("perch-cli");
        assertThat(token.claim("jti")).isNotBlank();
    }

    @Test
    void tokensOfPerchWebHaveTheSameFormat() {
        var pkce = Pkce.random();
        var back = new Browser().signIn(realm, realm.authorizationRequest(pkce), admin.createUser());

        var token = Token.access(realm.redeem(back.redirectParameters().getOrDefault("code", ""), pkce));

        assertThat(token.header().path("typ").asString("")).isEqualTo("at+jwt");
        assertThat(token.header().path("alg").asString("")).isEqualTo("RS256");
        assertThat(token.audience()).containsExactly("perch-api");
        assertThat(token.claim("client_id")).isEqualTo("perch-web");
        assertThat(token.realmRoles()).containsExactly("user");
    }

    @Test
    void theOnlyAudienceIsPerchApi() {
        var token = Token.access(realm.passwordGrant("perch-cli", admin.createUser()));

        assertThat(token.audience()).containsExactly("perch-api");
    }

    @Test
    void anAccessTokenHasTheUsersClaims() {
        var user = admin.createUser();

        var token = Token.access(realm.passwordGrant("perch-cli", user));

        assertThat(token.claim("sub")).isEqualTo(user.id());
        assertThat(token.claim("sid")).isNotBlank();
        assertThat(token.claim("preferred_username")).isEqualTo(user.username());
        assertThat(token.claim("email")).isEqualTo(user.username() + "@perch.example");
        assertThat(token.claims().path("email_verified").asBoolean()).isTrue();
    }

    @Test
    void anAccessTokenIsValidForFifteenMinutes() {
        var token = Token.access(realm.passwordGrant("perch-cli", admin.createUser()));

        assertThat(token.seconds("exp") - token.seconds("iat")).isEqualTo(900);
    }

    @ParameterizedTest
    @CsvSource({"user, user", "moderator, user moderator", "admin, user moderator admin"})
    void aRoleIncludesTheLowerRoles(String granted, String expected) {
        var user = admin.createUser();
        admin.grant(user, granted);

        var token = Token.access(realm.passwordGrant("perch-cli", user));

        assertThat(token.realmRoles()).containsExactlyInAnyOrder(expected.split(" ", -1));
        assertThat(token.claims().has("resource_access")).isFalse();
    }

    @Test
    void dpopIsOptional() throws JOSEException {
        var user = admin.createUser();
        var key = new ECKeyGenerator(Curve.P_256).generate();

        var answer = realm.token(
                Map.of("DPoP", proof(key)),
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        "perch-cli",
                        "username",
                        user.username(),
                        "password",
                        user.password()));

        assertThat(answer.field("token_type")).isEqualTo("DPoP");
        assertThat(Token.access(answer).claims().path("cnf").path("jkt").asString(""))
                .isEqualTo(key.computeThumbprint().toString());
    }

    /** A DPoP proof (RFC 9449, section 4.2). */
    private String proof(ECKey key) throws JOSEException {
        var header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType("dpop+jwt"))
                .jwk(key.toPublicJWK())
                .build();
        var claims = new JWTClaimsSet.Builder()
                .jwtID(UUID.randomUUID().toString())
                .claim("htm", "POST")
                .claim("htu", realm.tokenEndpoint().toString())
                .claim("iat", Instant.now().getEpochSecond())
                .build();
        var proof = new SignedJWT(header, claims);
        proof.sign(new ECDSASigner(key));
        return proof.serialize();
    }
}
