package io.perch.keycloak.authapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.representations.idm.AbstractUserRepresentation;
import org.keycloak.userprofile.UserProfileContext;
import org.keycloak.userprofile.UserProfileProvider;

/**
 * A user, with the attributes that the user profile allows the reader to see.
 *
 * @param enabled null in the answer to the user themselves
 * @param createdAt RFC 3339, UTC; null if the account's storage does not have it
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProfileAnswer(
        String userId,
        String username,
        @Nullable String email,
        boolean emailVerified,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String phoneNumber,
        @Nullable Boolean enabled,
        @Nullable String createdAt) {

    static ProfileAnswer forOwner(KeycloakSession session, UserModel user) {
        return of(session, user, UserProfileContext.ACCOUNT, null);
    }

    static ProfileAnswer forAdmin(KeycloakSession session, UserModel user) {
        return of(session, user, UserProfileContext.USER_API, user.isEnabled());
    }

    private static ProfileAnswer of(
            KeycloakSession session, UserModel user, UserProfileContext context, @Nullable Boolean enabled) {
        AbstractUserRepresentation profile = session.getProvider(UserProfileProvider.class)
                .create(context, user)
                .toRepresentation();
        String phoneNumber = Optional.ofNullable(profile.getAttributes())
                .map(attributes -> attributes.get(ProfileFields.PHONE_NUMBER))
                .flatMap((List<String> values) -> values.stream().findFirst())
                .orElse(null);
        Long created = user.getCreatedTimestamp();
        return new ProfileAnswer(
                user.getId(),
                user.getUsername(),
                profile.getEmail(),
                user.isEmailVerified(),
                profile.getFirstName(),
                profile.getLastName(),
                phoneNumber,
                enabled,
                created == null ? null : Instant.ofEpochMilli(created).toString());
    }
}
