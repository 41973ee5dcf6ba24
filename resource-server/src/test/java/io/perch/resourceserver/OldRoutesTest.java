package io.perch.resourceserver;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import io.perch.resourceserver.AuthApiRecorder.Call;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;

/** The requests that the old routes send to the auth API, and how they convert its answers. */
@ResourceServerTest
class OldRoutesTest {

    private static final String REGISTRATION = """
            {"username": "bob", "password": "secret", "phone": "+14155552671", "role": "admin", "first_name": null}
            """;

    private final Api api;
    private final Caller anybody;

    @RegisterExtension
    private final AuthApiRecorder keycloak;

    @Autowired
    OldRoutesTest(Api api, AuthorizationServer server) {
        this.api = api;
        this.anybody = api.withToken(null);
        this.keycloak = new AuthApiRecorder(server);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /register, /register",
        "POST, /login, /login",
        "POST, /api/v1/auth/register, /register",
        "POST, /api/v1/auth/login, /login",
        "POST, /api/v1/auth/refresh, /refresh",
        "POST, /api/v1/auth/logout, /logout",
        "POST, /api/v1/auth/forgot-password, /forgot-password",
        "POST, /api/v1/auth/reset-password, /reset-password",
        "GET, /api/v1/users/me, /me",
        "PUT, /api/v1/users/me, /me",
        "POST, /api/v1/users/change-password, /me/password",
        "GET, /api/v1/users/, /users",
        "GET, /api/v1/users, /users",
        "POST, /balance_hub/auth/register, /register",
        "POST, /balance_hub/auth/verify-email, /verify-email",
        "POST, /balance_hub/auth/resend-verification, /resend-verification",
        "POST, /balance_hub/auth/login, /login",
        "POST, /balance_hub/auth/logout, /logout",
        "PUT, /balance_hub/auth/update-user, /me",
        "POST, /balance_hub/auth/password/forget, /forgot-password",
        "POST, /balance_hub/auth/password/reset, /reset-password",
        "POST, /api/v1/auth/signup, /register",
    })
    void everyRouteCallsTheAuthApi(String method, String path, String call) {
        Answer answer = anybody.send(method, path, "application/json", BodyPublishers.ofString("{}"));

        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        assertThat(keycloak.last().method()).isEqualTo(method);
        assertThat(keycloak.last().target()).isEqualTo(call);
    }

    @Test
    void onlyKnownFieldsAreForwardedWithTheirNewNames() {
        keycloak.answer(201, """
                {"user_id": "1", "username": "bob", "email_verified": false, "verification_required": true}
                """);

        Answer answer = anybody.post("/register", REGISTRATION);

        assertThat(keycloak.last().body().toString())
                .isEqualTo("{\"username\":\"bob\",\"password\":\"secret\",\"phone_number\":\"+14155552671\"}");
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.raw().body())
                .isEqualTo("{\"id\":\"1\",\"username\":\"bob\",\"is_verified\":false,\"verification_required\":true}");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void aFormIsForwardedAsJson() {
        keycloak.answer(200, "{\"access_token\": \"a.b.c\", \"token_type\": \"Bearer\"}");

        Answer answer = anybody.send(
                "POST",
                "/token?username=in-the-query",
                "application/x-www-form-urlencoded",
                BodyPublishers.ofString(
                        "grant_type=password&username=bob%40perch.example&password=a+b%26%C3%BC&scope="));

        // Queries are often logged, so they must not contain passwords
        answer.isProblem(400, "invalid-request");
        answer = anybody.send(
                "POST",
                "/token",
                "application/x-www-form-urlencoded",
                BodyPublishers.ofString(
                        "grant_type=password&username=bob%40perch.example&password=a+b%26%C3%BC&scope="));
        assertThat(answer.body().path("access_token").asString()).isEqualTo("a.b.c");
        assertThat(keycloak.last().target()).isEqualTo("/login");
        assertThat(keycloak.last().body().toString())
                .isEqualTo("{\"username\":\"bob@perch.example\",\"password\":\"a b&ü\"}");
    }

    @Test
    void untrustedHeadersAreNotForwarded() {
        Call call = callWith("/login?client_id=evil", "X-Forwarded-For", "203.0.113.7");

        assertThat(call.target()).isEqualTo("/login");
        assertThat(call.header("X-Forwarded-For")).isEqualTo("127.0.0.1");
        for (String name : new String[] {
            "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Cookie", "DPoP", "Authorization", "X-Real-Ip"
        }) {
            assertThat(callWith("/login", name, "something").header(name))
                    .as(name)
                    .isNull();
        }
        assertThat(callWith("/login", "Accept-Language", "de").header("Accept-Language"))
                .isEqualTo("de");
        assertThat(callWith("/login", "User-Agent", "a phone").header("User-Agent"))
                .isEqualTo("a phone");
    }

    private Call callWith(String path, String header, String value) {
        anybody.send(anybody.request(path)
                .header("Content-Type", "application/json")
                .header(header, value)
                .POST(BodyPublishers.ofString("{}")));
        return keycloak.last();
    }

    @Test
    void theTokenIsForwardedOnlyForCallsOfTheUser() {
        Caller user = api.withToken("a-token");

        user.get("/api/v1/users/?skip=20&limit=10&search=bo%20b&first=1");
        assertThat(keycloak.last().header("Authorization")).isEqualTo("Bearer a-token");
        assertThat(keycloak.last().target().substring("/users?".length()).split("&"))
                .containsExactlyInAnyOrder("first=20", "max=10", "search=bo%20b");

        user.post("/api/v1/auth/login", "{}");
        assertThat(keycloak.last().header("Authorization")).isNull();

        user.send(user.request("/api/v1/auth/logout").POST(BodyPublishers.noBody()));
        assertThat(keycloak.last().header("Authorization")).isEqualTo("Bearer a-token");
        assertThat(keycloak.last().body().toString()).isEqualTo("{}");
    }

    @Test
    void theBodyOfAGetIsNotForwarded() {
        api.withToken("a-token")
                .send("GET", "/api/v1/users/me", "application/json", BodyPublishers.ofString("{\"a\": 1}"));

        assertThat(keycloak.last().body().isNull()).isTrue();
        assertThat(keycloak.last().header("Content-Type")).isNull();
    }

    @Test
    void errorsHaveTheOldNamesOfParameters() {
        keycloak.answer(400, """
                {"type": "urn:perch:problem:invalid-request", "title": "No", "status": 400,
                 "errors": [{"pointer": "?max", "detail": "is no number from 1 to 100"}]}
                """);

        assertThat(api.withToken("ada").get("/api/v1/users/?limit=many").pointers())
                .containsExactly("?limit");
    }

    @Test
    void usersAreReturnedAsAnArray() {
        keycloak.answer(200, """
                {"users": [{"user_id": "1", "username": "bob", "phone_number": "+1", "enabled": true}], "total": 1}
                """);

        assertThat(api.withToken("ada").get("/api/v1/users/").raw().body())
                .isEqualTo("[{\"id\":\"1\",\"username\":\"bob\",\"phone\":\"+1\",\"is_active\":true}]");
    }

    @Test
    void anEmptyAnswerBecomesAMessage() {
        keycloak.answer(202, "");

        Answer answer = anybody.post("/api/v1/auth/forgot-password", "{\"email\": \"bob@perch.example\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("message").asString()).isNotBlank();
    }

    @Test
    void tokensInTheCookieAreNotInTheBody() {
        keycloak.answer(200, """
                {"access_token": "a.b.c", "token_type": "Bearer", "expires_in": 900, "refresh_token": "r", "scope": "s"}
                """);

        Answer answer = anybody.post("/balance_hub/auth/login", "{\"email\": \"bob@perch.example\"}");

        assertThat(answer.raw().headers().allValues("Set-Cookie"))
                .singleElement()
                .asString()
                .startsWith("access_token=a.b.c; Path=/; Max-Age=900; ")
                .contains("HttpOnly", "SameSite=Strict")
                .doesNotContain("Secure", "Domain");
        assertThat(answer.raw().body()).isEqualTo("{\"message\":\"Signed in\"}");
        assertThat(anybody.post("/balance_hub/auth/register", "{}").raw().body())
                .isEqualTo("{}");
    }

    @Test
    void aSignOutAlwaysRemovesTheCookie() {
        Answer out = signOut("same-origin");
        assertThat(keycloak.last().header("Authorization")).isEqualTo("Bearer a.b.c");
        assertThat(keycloak.last().header("Cookie")).isNull();
        assertThat(out.header("Set-Cookie")).startsWith("access_token=; Path=/; Max-Age=0;");

        keycloak.answer(401, "{\"type\": \"urn:perch:problem:unauthorized\", \"title\": \"No\", \"status\": 401}");
        Answer refused = signOut("same-origin").isProblem(401, "unauthorized");
        assertThat(refused.header("Set-Cookie")).startsWith("access_token=; Path=/; Max-Age=0;");

        int before = keycloak.count();
        signOut("cross-site").isProblem(403, "forbidden");
        assertThat(keycloak.count()).isEqualTo(before);
    }

    private Answer signOut(String site) {
        return anybody.send(anybody.request("/balance_hub/auth/logout")
                .header("Cookie", "access_token=a.b.c")
                .header("Sec-Fetch-Site", site)
                .POST(BodyPublishers.noBody()));
    }

    @Test
    void problemsKeepTheirTypeAndHaveTheOldFieldNames() {
        keycloak.answer(400, """
                {"type": "urn:perch:problem:invalid-request", "title": "Not as it must be", "status": 400,
                 "error": "invalid_request", "errors": [{"pointer": "/phone_number", "detail": "is no number"}]}
                """);

        Answer answer = anybody.post("/api/v1/auth/register", REGISTRATION).isProblem(400, "invalid-request");

        assertThat(answer.body().path("detail").asString()).isEqualTo("Not as it must be");
        assertThat(answer.pointers()).containsExactly("#/phone");
        assertThat(answer.raw().headers().firstValue("Set-Cookie")).isEmpty();
    }

    @Test
    void aRateLimitHasRetryAfter() {
        keycloak.answer(429, "application/problem+json", """
                {"type": "urn:perch:problem:too-many-requests", "title": "Too many requests", "status": 429}
                """);

        assertThat(anybody.post("/register", "{}")
                        .isProblem(429, "too-many-requests")
                        .header("Retry-After"))
                .isEqualTo("7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>Bad gateway</html>", "[]", "{"})
    void unexpectedAnswersAreNotForwarded(String body) {
        keycloak.answer(502, "text/html", body);

        anybody.post("/login", "{}").isProblem(503, "service-unavailable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "null", "{", "{\"username\":1,\"username\":2}", "{} {}", "\u0000"})
    void aBodyThatIsNoObjectIsRefused(String body) {
        anybody.post("/login", body).isProblem(400, "invalid-request");
        assertThat(keycloak.count()).isZero();
    }

    @Test
    void wrongMediaTypesSizesAndMethodsAreRefused() {
        String login = "{\"username\": \"bob\"}";
        anybody.send("POST", "/login", "text/plain", BodyPublishers.ofString(login))
                .isProblem(415, "unsupported-media-type");
        anybody.send("POST", "/login", "application/x-www-form-urlencoded", BodyPublishers.ofString("username=bob"))
                .isProblem(415, "unsupported-media-type");
        anybody.post("/token", login).isProblem(415, "unsupported-media-type");
        anybody.post("/login", "{\"username\": \"" + "x".repeat(17_000) + "\"}").isProblem(413, "content-too-large");
        anybody.send(
                        "POST",
                        "/token",
                        "application/x-www-form-urlencoded",
                        BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(
                                ("username=bob&password=" + "x".repeat(17_000)).getBytes(UTF_8))))
                .isProblem(413, "content-too-large");
        assertThat(anybody.get("/login").isProblem(405, "method-not-allowed").header("Allow"))
                .isEqualTo("POST");
        assertThat(anybody.delete("/api/v1/users/me")
                        .isProblem(405, "method-not-allowed")
                        .header("Allow"))
                .isEqualTo("GET, HEAD, PUT");
        assertThat(keycloak.count()).isZero();
    }
}
