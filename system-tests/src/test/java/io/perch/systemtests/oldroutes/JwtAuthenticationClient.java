package io.perch.systemtests.oldroutes;

import io.perch.systemtests.client.Answer;
import java.net.URI;
import java.util.Map;

/** A client of the JWT authentication service. */
final class JwtAuthenticationClient extends TokenClient {

    JwtAuthenticationClient(URI base) {
        super(base);
    }

    Answer register(String email, String username, String password) {
        return keepToken(
                post("/api/v1/auth/register", Map.of("email", email, "username", username, "password", password)));
    }

    Answer login(String username, String password) {
        return keepToken(post("/api/v1/auth/login", Map.of("username", username, "password", password)));
    }

    Answer refresh(String refreshToken) {
        return keepToken(post("/api/v1/auth/refresh", Map.of("refresh_token", refreshToken)));
    }

    /** Signs out with the access token only. */
    Answer logout() {
        return post("/api/v1/auth/logout");
    }

    Answer logout(String refreshToken) {
        return post("/api/v1/auth/logout", Map.of("refresh_token", refreshToken));
    }

    Answer forgotPassword(String email) {
        return post("/api/v1/auth/forgot-password", Map.of("email", email));
    }

    Answer resetPassword(String token, String newPassword) {
        return post("/api/v1/auth/reset-password", Map.of("token", token, "new_password", newPassword));
    }

    Answer resetPassword(String email, String code, String newPassword) {
        return post("/api/v1/auth/reset-password", Map.of("email", email, "code", code, "new_password", newPassword));
    }

    Answer me() {
        return get("/api/v1/users/me");
    }

    Answer updateMe(Map<String, String> changes) {
        return put("/api/v1/users/me", changes);
    }

    Answer changePassword(String currentPassword, String newPassword) {
        return post(
                "/api/v1/users/change-password",
                Map.of("current_password", currentPassword, "new_password", newPassword));
    }

    /**
     * Lists users.
     *
     * @param query with the question mark, or empty
     */
    Answer users(String query) {
        return get("/api/v1/users/" + query);
    }

    Answer health() {
        return get("/health");
    }

    Answer information() {
        return get("/");
    }
}
