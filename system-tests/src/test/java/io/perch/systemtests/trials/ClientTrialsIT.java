package io.perch.systemtests.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClients;
import io.perch.systemtests.PerchSystem;
import io.perch.systemtests.PerchSystemTest;
import io.perch.systemtests.client.Answer;
import io.perch.systemtests.client.Http;
import io.perch.systemtests.client.KeycloakAdmin;
import io.perch.systemtests.client.PerchApi;
import io.perch.systemtests.client.TestUser;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bson.Document;
import org.bson.types.Binary;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of old clients, browsers and monitoring. */
@PerchSystemTest
class ClientTrialsIT {

    private static final String JSON = "application/json";

    private final PerchSystem system;
    private final Http http = new Http();

    @AutoClose
    private final KeycloakAdmin admin;

    ClientTrialsIT(PerchSystem system) {
        this.system = system;
        this.admin = new KeycloakAdmin(system);
    }

    /** pydantic/pydantic#530: clients send every optional field; missing ones are null or empty. */
    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\""})
    void aFieldThatIsNullOrEmptyCountsAsMissing(String unset) {
        TestUser user = admin.createUser();

        Answer answer = post(
                "/login",
                Map.of("Content-Type", JSON),
                "{\"email\": \"%s@perch.example\", \"username\": %s, \"password\": \"%s\"}"
                        .formatted(user.username(), unset, user.password()));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    /** fastapi/fastapi#5631: a browser sends FormData as multipart. */
    @Test
    void theTokenFormMayBeMultipart() {
        TestUser user = admin.createUser();
        String body = "--b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\n" + user.username()
                + "\r\n--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n" + user.password()
                + "\r\n--b--\r\n";

        Answer answer = post("/token", Map.of("Content-Type", "multipart/form-data; boundary=b"), body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    }

    /** fastapi/fastapi#3373: JSON without a Content-Type. */
    @Test
    void jsonMayComeWithoutAContentType() {
        assertThat(post("/login", Map.of(), credentials(admin.createUser())).status())
                .isEqualTo(200);
    }

    /** fastapi/fastapi#1208: clients write the path with a slash at its end. */
    @Test
    void aPathMayEndWithASlash() {
        TestUser user = admin.createUser();

        assertThat(post("/api/v1/auth/login/", Map.of("Content-Type", JSON), credentials(user))
                        .status())
                .isEqualTo(200);
        assertThat(PerchApi.as(system, user).get("/api/v1/users/me/").status()).isEqualTo(200);
    }

    /** getsentry/sentry-javascript#6077, EventSource/eventsource#129: headers of real front ends. */
    @ParameterizedTest
    @CsvSource({
        "POST,/login,'content-type,baggage,sentry-trace,traceparent'",
        "GET,/tasks/events,'authorization,cache-control'"
    })
    void commonHeadersOfFrontEndsAreAllowed(String method, String path, String headers) throws IOException {
        String answer = raw("OPTIONS " + path + " HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:3000\r\n"
                + "Access-Control-Request-Method: " + method + "\r\nAccess-Control-Request-Headers: " + headers
                + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200");
        String allowed = answer.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("access-control-allow-headers:"))
                .findFirst()
                .orElse("")
                .toLowerCase(Locale.ROOT);
        assertThat(List.of(headers.split(",")))
                .allSatisfy(header -> assertThat(allowed).contains(header));
    }

    /** saml7n/parbaked#564: monitoring sends HEAD requests. */
    @ParameterizedTest
    @ValueSource(strings = {"/health", "/"})
    void headRequestsAreAccepted(String path) throws IOException {
        var connection =
                (HttpURLConnection) URI.create(system.api() + path).toURL().openConnection();
        connection.setRequestMethod("HEAD");

        assertThat(connection.getResponseCode()).isEqualTo(200);
    }

    /** spring-projects/spring-security#9037: a phone whose name has a letter outside ASCII. */
    @Test
    void aUserAgentMayHaveLettersOutsideAscii() throws IOException {
        String body = credentials(admin.createUser());

        String answer = raw("POST /login HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Alamofire iPhone X\u0280\r\n"
                + "Content-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\nConnection: close\r\n\r\n" + body);

        assertThat(answer).startsWith("HTTP/1.1 200");
    }

    /** Badgerati/Pode#1604: .NET clients send a byte order mark before the JSON. */
    @Test
    void jsonMayBeginWithAByteOrderMark() {
        String body = "\uFEFF" + credentials(admin.createUser());

        assertThat(post("/login", Map.of("Content-Type", JSON), body).status()).isEqualTo(200);
        assertThat(http.send(
                                "POST",
                                URI.create(system.keycloak() + "/realms/perch/auth-api/v1/login"),
                                Map.of("Content-Type", JSON),
                                body)
                        .status())
                .isEqualTo(200);
    }

    /** Mng-dev-ai/agentrove#869: a proxy that compresses delays events. */
    @Test
    void noProxyMayCompressTheEventStream() {
        TestUser user = admin.createUser();
        PerchApi api = PerchApi.as(system, user);
        String taskId = api.submit("perch_demo", "any-password");
        api.awaitFinal(taskId);

        Answer stream = api.get("/tasks/" + taskId + "/events");

        assertThat(stream.header("Cache-Control").orElse("")).contains("no-transform");
    }

    /** spring-data-mongodb#2709: the old collection has the Fernet token as binary. */
    @Test
    void anUnreadableAccountDoesNotHideTheOthers() {
        assumeTrue(system.mongoUri().isPresent(), "the database cannot be reached from outside");
        TestUser user = admin.createUser();
        PerchApi api = PerchApi.as(system, user);
        api.awaitFinal(api.submit("perch_demo", "any-password"));
        try (var mongo = MongoClients.create(system.mongoUri().orElseThrow())) {
            mongo.getDatabase("twitter_login_kafka")
                    .getCollection("twitter_users")
                    .insertOne(new Document("user_id", user.id())
                            .append("username", "bin1")
                            .append(
                                    "encrypted_password",
                                    new Binary("gAAAAABmAAAA".getBytes(StandardCharsets.US_ASCII)))
                            .append("phone_number", "+14155552671"));
        }

        Answer list = api.get("/twitter-accounts");

        assertThat(list.status()).as(list.body()).isEqualTo(200);
        assertThat(list.body()).contains("perch_demo");
    }

    private static String credentials(TestUser user) {
        return "{\"username\": \"%s\", \"password\": \"%s\"}".formatted(user.username(), user.password());
    }

    private Answer post(String path, Map<String, String> headers, String body) {
        return http.send("POST", URI.create(system.api() + path), headers, body);
    }

    private String raw(String request) throws IOException {
        URI api = system.api();
        try (Socket socket = new Socket(api.getHost(), api.getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
