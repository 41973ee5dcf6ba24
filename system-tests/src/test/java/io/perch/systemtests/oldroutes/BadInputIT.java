package io.perch.systemtests.oldroutes;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Http;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Invalid requests are answered with errors in the old services' terms. */
class BadInputIT extends OldRoutesTest {

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
    private static final String LONG = "x".repeat(300);

    private final Http http = new Http();

    BadInputIT(PerchSystem system) {
        super(system);
    }

    static List<String> registrations() {
        return List.of("/register", "/api/v1/auth/register", "/api/v1/auth/signup", "/balance_hub/auth/register");
    }

    static List<String> otherRoutes() {
        return List.of(
                "/login",
                "/api/v1/auth/login",
                "/api/v1/auth/refresh",
                "/api/v1/auth/forgot-password",
                "/api/v1/auth/reset-password",
                "/api/v1/auth/signin",
                "/balance_hub/auth/login",
                "/balance_hub/auth/verify-email",
                "/balance_hub/auth/resend-verification",
                "/balance_hub/auth/password/forget",
                "/balance_hub/auth/password/reset");
    }

    static Stream<String> routes() {
        return Stream.concat(registrations().stream(), otherRoutes().stream());
    }

    @ParameterizedTest
    @MethodSource("routes")
    void aBodyThatIsNoJsonObjectIsRefused(String route) {
        for (String body : List.of("", "x", "{\"username\": ", "[]", "[{\"username\": \"a\"}]", "\"text\"", "null")) {
            assertProblem(post(route, JSON, body), 400);
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void aWrongSizeContentTypeOrMethodIsRefused(String route) {
        assertProblem(post(route, JSON, "{\"password\": \"" + "x".repeat(17 * 1024) + "\"}"), 413);
        assertProblem(post(route, Map.of("Content-Type", "text/plain"), "{}"), 415);
        assertProblem(post(route, Map.of("Content-Type", "application/x-www-form-urlencoded"), "username=a"), 415);
        Answer got = http.get(at(route), Map.of());
        assertProblem(got, 405);
        assertThat(got.header("Allow").orElse("")).contains("POST");
    }

    @ParameterizedTest
    @MethodSource("otherRoutes")
    void missingWrongAndTooLongFieldsAreRefused(String route) {
        assertProblem(post(route, JSON, "{}"), 400);
        assertProblem(post(route, JSON, everyFieldAs("5")), 400);
        assertProblem(post(route, JSON, everyFieldAs("\"" + LONG + "\"")), 400);
    }

    @Test
    void theFormHasTheSameChecks() {
        Map<String, String> form = Map.of("Content-Type", "application/x-www-form-urlencoded");
        assertProblem(post("/token", form, "username=somebody"), 400);
        assertProblem(post("/token", form, "username=" + LONG + "&password=a"), 400);
        assertProblem(post("/token", form, "username=somebody&password=" + "x".repeat(17 * 1024)), 413);
        assertProblem(post("/token", JSON, "{\"username\": \"a\", \"password\": \"b\"}"), 415);
        Answer got = http.get(at("/token"), Map.of());
        assertProblem(got, 405);
        assertThat(got.header("Allow").orElse("")).contains("POST");
    }

    @Test
    void errorsHaveTheOldNamesOfFields() {
        Answer answer = post(
                "/api/v1/auth/register",
                JSON,
                "{\"username\": \"%s\", \"password\": \"short\", \"phone\": \"not a phone\"}".formatted(LONG));

        assertProblem(answer, 400);
        JsonNode errors = answer.json().path("errors");
        assertThat(errors.valueStream().map(error -> error.path("pointer").asString()))
                .contains("#/username", "#/password", "#/phone");
        assertThat(errors).allMatch(error -> error.path("detail").isString());
        assertThat(answer.body()).doesNotContain("phone_number");
    }

    /** A body with the fields of all routes. Each route ignores unknown fields. */
    private static String everyFieldAs(String value) {
        return Stream.of("username", "email", "password", "code", "token", "new_password", "refresh_token")
                .map(field -> "\"" + field + "\": " + value)
                .reduce((all, next) -> all + ", " + next)
                .map(fields -> "{" + fields + "}")
                .orElseThrow();
    }

    private Answer post(String route, Map<String, String> headers, String body) {
        return http.send("POST", at(route), headers, body);
    }

    private URI at(String route) {
        return URI.create(system.api() + route);
    }
}
