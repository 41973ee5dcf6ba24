package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Answer;
import io.perch.resourceserver.Api.Caller;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The OpenAPI description, and the page that shows it. */
@ResourceServerTest
class ApiDescriptionTest {

    private final AuthorizationServer server;
    private final Caller anybody;
    private final Caller moderator;
    private final JsonNode api;

    @Autowired
    ApiDescriptionTest(Api api, AuthorizationServer server) {
        this.server = server;
        this.anybody = api.withToken(null);
        this.moderator = api.asNewUser("user", "moderator");
        this.api = anybody.get("/openapi.json").body();
    }

    @Test
    void allResponsesOfAnOperationAreDeclared() {
        assertThat(statuses("/twitter-login", "post"))
                .contains("202", "400", "401", "403", "406", "413", "415", "422", "429", "500", "503");
        assertThat(statuses("/tasks", "get")).contains("200", "400", "401").doesNotContain("409", "422");
        assertThat(statuses("/tasks/{id}", "get")).contains("200", "400", "404").doesNotContain("409");
        assertThat(statuses("/tasks/{id}", "delete")).contains("204", "400", "404", "409");
        assertThat(statuses("/tasks/{id}/challenge", "post")).contains("202", "404", "409", "429");
        api.path("paths")
                .forEach(path -> path.forEach(operation -> operation
                        .path("responses")
                        .propertyStream()
                        .filter(response -> response.getKey().startsWith("4"))
                        .forEach(response -> assertThat(
                                        response.getValue().path("content").propertyNames())
                                .containsExactly("application/problem+json"))));
    }

    private Iterable<String> statuses(String path, String method) {
        return api.path("paths").path(path).path(method).path("responses").propertyNames();
    }

    @Test
    void theProblemSchemaMatchesTheProblems() {
        JsonNode problem = api.at("/components/schemas/Problem");

        assertThat(problem.at("/properties/instance/format").asString()).isEqualTo("uri-reference");
        assertThat(problem.path("required").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrder("type", "title", "status", "detail");
    }

    @Test
    void theSchemasRefuseWhatTheServerRefuses() {
        assertThat(api.at("/components/schemas/TwitterLoginRequest/additionalProperties")
                        .asBoolean(true))
                .isFalse();
        String key = parameter("/twitter-login", "post", "Idempotency-Key")
                .at("/schema/pattern")
                .asString();
        assertThat("a-key").matches(key);
        assertThat("\"a-key\"").matches(key);
        assertThat("with space").doesNotMatch(key);
        assertThat("x".repeat(129)).doesNotMatch(key);
        assertThat("%21")
                .doesNotMatch(parameter("/tasks", "get", "after")
                        .at("/schema/pattern")
                        .asString());
    }

    @Test
    void aParameterHasTheValuesThatItAccepts() {
        for (String path : List.of("/tasks", "/admin/tasks", "/admin/tasks/count", "/admin/tasks/buckets")) {
            JsonNode status = parameter(path, "get", "status").path("schema");
            assertThat(status.at("/items/enum").valueStream().map(JsonNode::asString))
                    .contains("pending", "challenge_required");
            assertThat(status.path("minItems").asInt()).isEqualTo(1);
        }
        JsonNode action = parameter("/admin/audit", "get", "action").path("schema");
        assertThat(action.path("enum").valueStream().map(JsonNode::asString)).contains("user.logged_in");
        assertThat(action.has("pattern")).isFalse();
        assertThat("\r")
                .doesNotMatch(parameter("/tasks/{id}", "get", "id")
                        .at("/schema/pattern")
                        .asString());
    }

    /** In JSON Schema a pattern may match a part of the text. In Jakarta Validation it must match all of it. */
    @Test
    void aPatternMatchesTheWholeText() {
        List<String> patterns = Stream.concat(
                        api.findValues("pattern").stream(),
                        Stream.of(api.at("/components/schemas/OperationRequest/properties/action/pattern")))
                .map(JsonNode::asString)
                .toList();

        assertThat(patterns)
                .hasSizeGreaterThan(5)
                .allMatch(pattern -> pattern.startsWith("^") && pattern.endsWith("$"));
        Pattern action = Pattern.compile(patterns.get(patterns.size() - 1));
        assertThat(action.matcher("retry").find()).isTrue();
        assertThat(action.matcher("not retry").find()).isFalse();
        assertThat(action.matcher("cancelled").find()).isFalse();
    }

    @Test
    void aBodyIsAnObject() {
        for (String body : List.of("TwitterLoginRequest", "ChallengeCode", "OperationRequest", "Filter")) {
            assertThat(api.at("/components/schemas/" + body + "/type").asString())
                    .isEqualTo("object");
        }
    }

    @Test
    void anUnknownFieldOfABodyIsRefusedInEveryObject() {
        Map<String, String> bodies = bodiesWithAnUnknownField();

        assertThat(bodies).hasSizeGreaterThan(3);
        bodies.forEach((request, body) -> {
            String path = request.substring(request.indexOf(' ') + 1).replaceAll("\\{[^}]*}", "x");
            Answer answer = moderator.post(path, body);
            answer.isProblem(400, "invalid-request");
            assertThat(answer.body().path("errors").findValuesAsString("pointer"))
                    .as("%s %s", request, body)
                    .anyMatch(pointer -> pointer.endsWith("/no_such_field"));
        });
    }

    /** Returns bodies that the description refuses: one for each object in the body of each operation. */
    private Map<String, String> bodiesWithAnUnknownField() {
        Map<String, String> bodies = new TreeMap<>();
        api.path("paths").propertyStream().forEach(path -> path.getValue()
                .propertyStream()
                .filter(operation -> operation.getValue().has("requestBody"))
                .forEach(operation -> {
                    assertThat(operation.getKey()).isEqualTo("post");
                    JsonNode schema =
                            operation.getValue().at("/requestBody/content").get("application/json");
                    addBodies(bodies, "%s", path.getKey(), schema.path("schema"));
                }));
        return bodies;
    }

    private void addBodies(Map<String, String> bodies, String around, String path, JsonNode reference) {
        JsonNode schema =
                reference.has("$ref") ? api.at(reference.path("$ref").asString().substring(1)) : reference;
        if (!schema.has("properties")) {
            return;
        }
        assertThat(schema.path("additionalProperties").asBoolean(true)).as(path).isFalse();
        bodies.put(bodies.size() + " " + path, around.formatted("{\"no_such_field\": 1}"));
        schema.path("properties")
                .propertyStream()
                .forEach(property -> addBodies(
                        bodies, around.formatted("{\"" + property.getKey() + "\": %s}"), path, property.getValue()));
    }

    private JsonNode parameter(String path, String method, String name) {
        return api.path("paths")
                .path(path)
                .path(method)
                .path("parameters")
                .valueStream()
                .filter(parameter -> parameter.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theDocumentationPageSignsInAtKeycloak() {
        JsonNode flow = api.at("/components/securitySchemes/sign-in/flows/authorizationCode");
        assertThat(flow.path("authorizationUrl").asString())
                .isEqualTo(server.issuer() + "/protocol/openid-connect/auth");
        assertThat(flow.path("tokenUrl").asString()).isEqualTo(server.issuer() + "/protocol/openid-connect/token");

        assertThat(anybody.get("/swagger-ui/swagger-initializer.js").raw().body())
                .contains("initOAuth", "perch-web", "usePkceWithAuthorizationCodeGrant");
        Answer page = anybody.get("/swagger-ui/index.html");
        String origin = server.issuer().replaceAll("(https?://[^/]+).*", "$1");
        assertThat(page.header("Content-Security-Policy")).contains("connect-src 'self' " + origin + ";");
        assertThat(anybody.get("/swagger-ui/oauth2-redirect.html").status()).isEqualTo(200);
    }
}
