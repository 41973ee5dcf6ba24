package io.perch.resourceserver;

import io.perch.resourceserver.Api.Caller;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bson.Document;
import org.springframework.data.mongodb.core.MongoOperations;

/** A user's session and its tokens. */
record SignedIn(String userId, String sessionId) {

    static final String CLIENT = "perch-web";

    static SignedIn newSession() {
        return new SignedIn(UUID.randomUUID().toString(), UUID.randomUUID().toString());
    }

    /** Another session of the same user. */
    SignedIn anotherSession() {
        return new SignedIn(userId, UUID.randomUUID().toString());
    }

    /** The {@code jti} of the session's tokens. */
    String tokenId() {
        return "token-of-" + sessionId;
    }

    /** The end of the session, as the server has stored it; empty if it has stored none. */
    Optional<Document> storedEnd(MongoOperations mongo) {
        return Optional.ofNullable(mongo.findById("session:" + sessionId, Document.class, "revocations"));
    }

    Caller at(Api api, AuthorizationServer server) {
        return api.withToken(token(server, Instant.now()));
    }

    String token(AuthorizationServer server, Instant issuedAt) {
        return server.token(userId, List.of("user"), claims -> claims.claim("sid", sessionId)
                .claim("azp", CLIENT)
                .jwtID(tokenId())
                .issueTime(Date.from(issuedAt))
                .expirationTime(Date.from(issuedAt.plusSeconds(900))));
    }

    /** A token with the time of the sign-in. */
    String token(AuthorizationServer server, Instant issuedAt, Instant authenticatedAt) {
        return server.token(userId, List.of("user"), claims -> claims.claim("sid", sessionId)
                .claim("azp", CLIENT)
                .jwtID(tokenId())
                .claim("auth_time", authenticatedAt.getEpochSecond())
                .issueTime(Date.from(issuedAt))
                .expirationTime(Date.from(issuedAt.plusSeconds(900))));
    }
}
