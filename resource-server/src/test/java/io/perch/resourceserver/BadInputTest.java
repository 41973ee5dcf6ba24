package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.mongodb.core.MongoOperations;
import org.springframework.data.mongodb.core.query.BasicQuery;

@ResourceServerTest
class BadInputTest {

    private final MongoOperations mongo;
    private final Caller user;

    @Autowired
    BadInputTest(Api api, MongoOperations mongo) {
        this.mongo = mongo;
        this.user = api.asNewUser();
    }

    static Stream<Arguments> invalidFields() {
        String phone = "\"phone_number\": \"+1234567890\"";
        String password = "\"password\": \"p\"";
        String username = "\"username\": \"u\"";
        return Stream.of(
                fields("{}", "#/password", "#/phone_number", "#/username"),
                fields("{%s, %s}".formatted(username, phone), "#/password"),
                fields("{%s, %s, \"username\": null}".formatted(password, phone), "#/username"),
                fields("{%s, %s, \"username\": \"\"}".formatted(password, phone), "#/username"),
                fields("{%s, %s, \"username\": \"sixteen_letters_\"}".formatted(password, phone), "#/username"),
                fields("{%s, %s, \"username\": \"with-dash\"}".formatted(password, phone), "#/username"),
                fields("{%s, %s, \"username\": \"with space\"}".formatted(password, phone), "#/username"),
                fields("{%s, %s, \"username\": \"line\\nfeed\"}".formatted(password, phone), "#/username"),
                fields("{%s, %s, \"username\": \"tail\\n\"}".formatted(password, phone), "#/username"),
                fields("{%s, %s, \"username\": \"nul\\u0000\"}".formatted(password, phone), "#/username"),
                fields("{%s, %s, \"username\": \"ünïcode\"}".formatted(password, phone), "#/username"),
                fields("{%s, %s, \"username\": \"<b>\"}".formatted(password, phone), "#/username"),
                fields("{%s, %s, \"username\": 5}".formatted(password, phone), "#/username"),
                fields("{%s, %s, \"username\": true}".formatted(password, phone), "#/username"),
                fields("{%s, %s, \"username\": [\"u\"]}".formatted(password, phone), "#/username"),
                fields("{%s, %s, \"username\": {\"$gt\": \"\"}}".formatted(password, phone), "#/username"),
                fields("{%s, %s, \"password\": \"\"}".formatted(username, phone), "#/password"),
                fields("{%s, %s, \"password\": \"%s\"}".formatted(username, phone, "x".repeat(129)), "#/password"),
                fields("{%s, %s, \"phone_number\": \"1234567890\"}".formatted(username, password), "#/phone_number"),
                fields("{%s, %s, \"phone_number\": \"+123456\"}".formatted(username, password), "#/phone_number"),
                fields(
                        "{%s, %s, \"phone_number\": \"+1234567890123456\"}".formatted(username, password),
                        "#/phone_number"),
                fields(
                        "{%s, %s, \"phone_number\": \"+1 234 567 890\"}".formatted(username, password),
                        "#/phone_number"),
                fields("{%s, %s, \"phone_number\": \"+١٢٣٤٥٦٧٨\"}".formatted(username, password), "#/phone_number"),
                fields("{%s, %s, %s, \"email\": \"not an address\"}".formatted(username, password, phone), "#/email"),
                fields("{%s, %s, %s, \"email\": \"\"}".formatted(username, password, phone), "#/email"),
                fields(
                        "{%s, %s, %s, \"email\": \"%s@x.example\"}"
                                .formatted(username, password, phone, "a".repeat(255)),
                        "#/email"),
                fields("{%s, %s, %s, \"admin\": true}".formatted(username, password, phone), "#/admin"),
                fields(
                        "{%s, %s, %s, \"userName\": \"u\", \"a/b~c\": {\"d\": 1}}".formatted(username, password, phone),
                        "#/a~1b~0c",
                        "#/userName"),
                fields(
                        "{\"username\": \"-\", \"password\": \"\", \"phone_number\": \"x\", \"email\": \"y\", \"z\": 0}",
                        "#/email",
                        "#/password",
                        "#/phone_number",
                        "#/username",
                        "#/z"));
    }

    private static Arguments fields(String body, String... pointers) {
        return Arguments.of(body, List.of(pointers));
    }

    @ParameterizedTest
    @MethodSource("invalidFields")
    void allInvalidFieldsAreReportedTogether(String body, List<String> pointers) {
        Answer answer = user.post("/twitter-login", body);

        assertThat(answer.isProblem(400, "invalid-request").pointers().stream().distinct())
                .as(answer.raw().body())
                .containsExactlyElementsOf(pointers);
        assertNothingStored();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"text\"",
                "42",
                "{",
                "{\"username\": }",
                "{\"username\": \"u\", \"username\": \"v\"}",
                "{} trailing",
                "<login/>",
                "{\"username\": \"raw\u0001control\"}"
            })
    void unexpectedJsonIsRefused(String body) {
        user.post("/twitter-login", body).isProblem(400, "invalid-request");
        assertNothingStored();
    }

    @Test
    void aBodyThatIsNotUtf8IsRefused() {
        byte[] latin1 = "{\"username\": \"ä\"}".getBytes(StandardCharsets.ISO_8859_1);

        user.send("POST", "/twitter-login", "application/json", BodyPublishers.ofByteArray(latin1))
                .isProblem(400, "invalid-request");
    }

    @Test
    void aDeeplyNestedBodyIsRefused() {
        String deep = "[".repeat(7_000);

        user.post("/twitter-login", "{\"x\": " + deep).isProblem(400, "invalid-request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "application/xml",
                "multipart/form-data; boundary=x"
            })
    void anotherContentTypeIsRefused(String contentType) {
        Answer answer = user.send("POST", "/twitter-login", contentType, BodyPublishers.ofString(Api.login("u")));

        answer.isProblem(415, "unsupported-media-type");
        assertThat(answer.header("Accept")).contains("application/json");
        assertNothingStored();
    }

    @Test
    void aLoginIsNotAcceptedIfTheClientDoesNotAcceptJson() {
        var request = user.request("/twitter-login")
                .header("Content-Type", "application/json")
                .header("Accept", "image/png")
                .POST(BodyPublishers.ofString(Api.login("u")));

        user.send(request).isProblem(406, "not-acceptable");
        assertNothingStored();
    }

    @Test
    void aMalformedContentTypeIsRefused() {
        user.send("POST", "/twitter-login", "nonsense", BodyPublishers.ofString(Api.login("u")))
                .isProblem(415, "unsupported-media-type");
    }

    @Test
    void aBodyOver16KiBIsRefusedByItsContentLength() {
        user.post("/twitter-login", Api.login("u") + " ".repeat(16 * 1024)).isProblem(413, "content-too-large");
        assertNothingStored();
    }

    @Test
    void aChunkedBodyOver16KiBIsRefused() {
        byte[] body = (" ".repeat(17 * 1024) + Api.login("u")).getBytes(StandardCharsets.UTF_8);
        var chunked = BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(body));

        user.send("POST", "/twitter-login", "application/json", chunked).isProblem(413, "content-too-large");
        assertNothingStored();
    }

    @Test
    void aBodyOfExactly16KiBIsRead() {
        String login = Api.login("u");
        String padded = login + " ".repeat(16 * 1024 - login.length());

        assertThat(user.post("/twitter-login", padded).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/tasks?limit=0",
                "/tasks?limit=101",
                "/tasks?limit=many",
                "/tasks?after=%21",
                "/tasks?after=YWJj",
                "/twitter-accounts?limit=-1",
                "/twitter-accounts?after=x"
            })
    void invalidParametersAreRefused(String path) {
        user.get(path).isProblem(400, "invalid-request");
    }

    private void assertNothingStored() {
        for (String collection : List.of("task_statuses", "twitter_users")) {
            var mine = new BasicQuery(new Document("user_id", user.subject()));
            assertThat(mongo.count(mine, collection)).as(collection).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /tasks/1",
                "DELETE /tasks/1",
                "POST /tasks/1/challenge",
                "POST /twitter-login",
                "POST /token"
            })
    void aMultipartFormWithoutABoundaryIsABadRequest(String call) {
        String[] parts = call.split(" ", 2);

        user.send(parts[0], parts[1], "multipart/form-data", BodyPublishers.ofString("code=123456"))
                .isProblem(400, "invalid-request");
    }
}
