package io.perch.systemtests.oldroutes;

import io.perch.systemtests.client.Answer;
import java.net.HttpCookie;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A client of the authentication system {@code balance_hub}. It has no token but cookies, as a browser.
 * {@code java.net.CookieManager} does not work here: it sends some cookies with quotes and dollar signs (RFC 2965).
 */
final class AuthenticationSystemClient extends ServiceClient {

    private final Map<String, String> cookies = new HashMap<>();

    AuthenticationSystemClient(URI base) {
        super(base);
    }

    @Override
    Map<String, String> credentials() {
        return cookies.isEmpty()
                ? Map.of()
                : Map.of(
                        "Cookie",
                        cookies.entrySet().stream()
                                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                                .collect(Collectors.joining("; ")));
    }

    Answer register(String email, String password) {
        return keepCookies(post("/balance_hub/auth/register", Map.of("email", email, "password", password)));
    }

    Answer verifyEmail(String email, String code) {
        return keepCookies(post("/balance_hub/auth/verify-email", Map.of("email", email, "code", code)));
    }

    Answer resendVerification(String email) {
        return keepCookies(post("/balance_hub/auth/resend-verification", Map.of("email", email)));
    }

    Answer login(String email, String password) {
        return keepCookies(post("/balance_hub/auth/login", Map.of("email", email, "password", password)));
    }

    Answer logout() {
        return keepCookies(post("/balance_hub/auth/logout"));
    }

    Answer updateUser(Map<String, String> changes) {
        return keepCookies(put("/balance_hub/auth/update-user", changes));
    }

    Answer forgetPassword(String email) {
        return keepCookies(post("/balance_hub/auth/password/forget", Map.of("email", email)));
    }

    Answer resetPassword(String token, String newPassword) {
        return keepCookies(
                post("/balance_hub/auth/password/reset", Map.of("token", token, "new_password", newPassword)));
    }

    Answer information() {
        return get("/");
    }

    Answer health() {
        return get("/health");
    }

    Answer metrics() {
        return get("/metrics");
    }

    private Answer keepCookies(Answer answer) {
        answer.headers("Set-Cookie")
                .flatMap(line -> HttpCookie.parse(line).stream())
                .forEach(this::keep);
        return answer;
    }

    private void keep(HttpCookie cookie) {
        if (cookie.hasExpired()) {
            cookies.remove(cookie.getName());
        } else {
            cookies.put(cookie.getName(), cookie.getValue());
        }
    }
}
