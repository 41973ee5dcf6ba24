package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Invalid answers to a challenge. Each is refused with its reason, and the challenge does not change. */
@ResourceServerTest
class BadChallengeInputTest {

    private final Caller user;
    private String path = "";
    private String taskId = "";
    private JsonNode before;

    @Autowired
    BadChallengeInputTest(Api api) {
        this.user = api.asNewUser();
        this.before = tools.jackson.databind.node.JsonNodeFactory.instance.nullNode();
    }

    @BeforeEach
    void askForACode() {
        taskId = user.submit("challenge_me");
        path = "/tasks/" + taskId + "/challenge";
        before = await().atMost(Duration.ofSeconds(20))
                .until(() -> user.get("/tasks/" + taskId).body(), task -> task.has("challenge"));
    }

    @AfterEach
    void assertTaskUnchanged() {
        assertThat(user.get("/tasks/" + taskId).body()).isEqualTo(before);
    }

    static Stream<Arguments> invalidFields() {
        return Stream.of(
                fields("{}", "#/code"),
                fields("{\"code\": null}", "#/code"),
                fields("{\"code\": \"\"}", "#/code"),
                fields("{\"code\": 123456}", "#/code"),
                fields("{\"code\": true}", "#/code"),
                fields("{\"code\": [\"123456\"]}", "#/code"),
                fields("{\"code\": {\"$ne\": \"\"}}", "#/code"),
                fields("{\"code\": \"123 456\"}", "#/code"),
                fields("{\"code\": \"12345\\u0000\"}", "#/code"),
                fields("{\"code\": \"123456\\n\"}", "#/code"),
                fields("{\"code\": \"١٢٣٤٥٦\"}", "#/code"),
                fields("{\"code\": \"<b>1</b>\"}", "#/code"),
                fields("{\"code\": \"%s\"}".formatted("1".repeat(17)), "#/code"),
                fields("{\"code\": \"123456\", \"kind\": \"email\"}", "#/kind"),
                fields("{\"code\": \"\", \"x\": 1, \"y\": 2}", "#/code", "#/x", "#/y"));
    }

    private static Arguments fields(String body, String... pointers) {
        return Arguments.of(body, List.of(pointers));
    }

    @ParameterizedTest
    @MethodSource("invalidFields")
    void allInvalidFieldsAreReportedTogether(String body, List<String> pointers) {
        Answer answer = user.post(path, body).isProblem(400, "invalid-request");

        assertThat(answer.pointers().stream().distinct()).containsExactlyElementsOf(pointers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"123456\"",
                "123456",
                "{",
                "{\"code\": \"1\", \"code\": \"2\"}",
                "{} trailing"
            })
    void unexpectedJsonIsRefused(String body) {
        user.post(path, body).isProblem(400, "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense"})
    void anotherContentTypeIsRefused(String contentType) {
        user.send("POST", path, contentType, BodyPublishers.ofString("{\"code\": \"123456\"}"))
                .isProblem(415, "unsupported-media-type");
    }

    @Test
    void aBodyThatIsNotUtf8IsRefused() {
        byte[] latin1 = "{\"code\": \"ä\"}".getBytes(StandardCharsets.ISO_8859_1);

        user.send("POST", path, "application/json", BodyPublishers.ofByteArray(latin1))
                .isProblem(400, "invalid-request");
    }

    @Test
    void aBodyOver16KiBIsRefused() {
        user.post(path, "{\"code\": \"123456\"}" + " ".repeat(16 * 1024)).isProblem(413, "content-too-large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "PATCH", "DELETE"})
    void anotherMethodIsRefused(String method) {
        Answer refused = user.send(method, path, "application/json", BodyPublishers.noBody())
                .isProblem(405, "method-not-allowed");

        assertThat(refused.header("Allow")).isEqualTo("POST");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/tasks?status=",
                "/tasks?status=lost",
                "/tasks?status=pending&status=lost",
                "/tasks?status=%00",
            })
    void anInvalidStatusIsRefused(String list) {
        user.get(list).isProblem(400, "invalid-request");
    }
}
