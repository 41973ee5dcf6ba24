package io.perch.keycloak.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A token response, and the claims of its access token. */
record IssuedToken(String accessToken, String refreshToken, JsonNode claims) {

    private static final ObjectMapper JSON = new ObjectMapper();

    static IssuedToken of(JsonNode response) {
        String token = response.path("access_token").asText();
        if (token.isEmpty()) {
            throw new AssertionError("No token: " + response);
        }
        byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
        try {
            return new IssuedToken(
                    token,
                    response.path("refresh_token").asText(),
                    JSON.readTree(new String(claims, StandardCharsets.UTF_8)));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    String claim(String name) {
        return claims.path(name).asText();
    }

    long issuedAt() {
        return claims.path("iat").asLong();
    }
}
