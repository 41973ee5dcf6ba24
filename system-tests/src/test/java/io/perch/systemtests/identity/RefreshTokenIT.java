package io.perch.systemtests.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Token;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Refresh tokens are rotated, and their end does not move: RFC 9700 section 4.14. */
class RefreshTokenIT extends IdentityTest {

    private static final Duration WEEK = Duration.ofDays(7);

    private final Answer signedIn = realm.passwordGrant("perch-cli", admin.createUser());

    RefreshTokenIT(PerchSystem system) {
        super(system);
    }

    @Test
    void aRefreshTokenWorksOnceAndItsReuseEndsTheSession() {
        var first = signedIn.field("refresh_token");
        var second = realm.refresh("perch-cli", first);
        assertThat(second.status()).isEqualTo(200);

        var reused = realm.refresh("perch-cli", first);

        assertThat(reused.status()).isEqualTo(400);
        assertThat(reused.field("error")).isEqualTo("invalid_grant");
        assertThat(realm.refresh("perch-cli", second.field("refresh_token")).status())
                .as("the latest token of the family")
                .isEqualTo(400);
        assertThat(realm.userinfo(second.field("access_token")).status()).isEqualTo(401);
    }

    @Test
    void eachRefreshGivesANewRefreshToken() {
        var second = realm.refresh("perch-cli", signedIn.field("refresh_token"));
        var third = realm.refresh("perch-cli", second.field("refresh_token"));

        assertThat(third.status()).isEqualTo(200);
        assertThat(third.field("refresh_token"))
                .isNotEqualTo(second.field("refresh_token"))
                .isNotEqualTo(signedIn.field("refresh_token"));
    }

    @Test
    void aRefreshDoesNotExtendTheSevenDays() {
        var first = Token.read(signedIn.field("refresh_token"));
        assertThat(first.seconds("exp") - first.seconds("iat")).isBetween(WEEK.toSeconds() - 5, WEEK.toSeconds());
        // Tokens have times in whole seconds, so only a refresh in a later second shows that the end is the same
        await().until(() -> Instant.now().getEpochSecond() > first.seconds("iat") + 2);

        var second = Token.read(
                realm.refresh("perch-cli", signedIn.field("refresh_token")).field("refresh_token"));

        assertThat(second.seconds("iat")).isGreaterThan(first.seconds("iat") + 1);
        assertThat(second.seconds("exp")).isBetween(first.seconds("exp") - 1, first.seconds("exp") + 1);
    }

    @Test
    void anotherClientCannotUseTheRefreshToken() {
        assertThat(realm.refresh("perch-web", signedIn.field("refresh_token")).status())
                .isEqualTo(400);
    }

    @Test
    void offlineSessionsAlsoEndAfterSevenDays() {
        var settings = admin.get("");

        assertThat(settings.path("offlineSessionMaxLifespanEnabled").asBoolean())
                .isTrue();
        assertThat(settings.path("offlineSessionMaxLifespan").asLong()).isLessThanOrEqualTo(WEEK.toSeconds());
    }
}
