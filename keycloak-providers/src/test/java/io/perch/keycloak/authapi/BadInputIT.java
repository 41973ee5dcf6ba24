package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

@KeycloakIntegrationTest(config = PackagedProviders.class)
class BadInputIT extends AuthApiInAServer {

    private static final List<String> WITH_BODY = List.of(
            "/register",
            "/login",
            "/refresh",
            "/logout",
            "/verify-email",
            "/resend-verification",
            "/forgot-password",
            "/reset-password");

    @Test
    void aBodyThatIsNotAJsonObjectIsRefused() {
        for (String path : WITH_BODY) {
            for (String body : List.of(
                    " ",
                    "x",
                    "[]",
                    "null",
                    "\"text\"",
                    "1",
                    "{",
                    "{}{}",
                    "{\"a\":1,}",
                    "{'a':1}",
                    "{\"email\":\"a\",\"email\":\"b\"}",
                    "[".repeat(5000),
                    "{\"a\":".repeat(2000))) {
                Answer answer = api.post(path, body);
                assertEquals(400, answer.status(), path + " " + body);
                assertEquals("invalid_request", answer.error());
            }
        }
    }

    @Test
    void noProblemContainsTheSentValues() {
        Answer answer = api.post("/login", "{\"username\":\"alice\",\"password\":\"hunter2hunter2\"");
        assertFalse(answer.body().contains("hunter2"), answer::body);
    }

    @Test
    void wrongTypesAndUnknownMembersAreNamed() {
        for (String path : WITH_BODY) {
            Answer answer = api.post(path, "{\"what\":1,\"email\":[],\"password\":{},\"client_id\":7}");
            assertEquals(400, answer.status(), path);
            assertTrue(answer.pointers().containsAll(List.of("/client_id", "/what")), answer::body);
        }
    }

    @Test
    void anUnknownClientIsRefusedByEveryCall() {
        Map<String, String> bodies = Map.of(
                "/register", "\"email\":\"nobody@perch.example\",\"password\":\"correct horse battery\"",
                "/login", "\"username\":\"nobody\",\"password\":\"wrong\"",
                "/refresh", "\"refresh_token\":\"x\"",
                "/logout", "\"refresh_token\":\"x\"",
                "/verify-email", "\"email\":\"nobody@perch.example\",\"code\":\"123456\"",
                "/resend-verification", "\"email\":\"nobody@perch.example\"",
                "/forgot-password", "\"email\":\"nobody@perch.example\"",
                "/reset-password",
                        "\"email\":\"nobody@perch.example\",\"code\":\"123456\",\"new_password\":\"correct horse battery\"");
        assertEquals(Set.copyOf(WITH_BODY), bodies.keySet());
        bodies.forEach((path, body) -> {
            for (String client : List.of("nobody", "\\u0005")) {
                Answer answer = api.post(path, "{\"client_id\":\"" + client + "\"," + body + "}");
                assertEquals(401, answer.status(), () -> path + " " + answer.body());
                assertEquals("invalid_client", answer.error());
            }
        });
    }

    @Test
    void valuesThatNoDatabaseCanStoreAreRefused() {
        for (String value : List.of("a\\u0000b", "a\\nb", "a\\u007fb", "\\ud800", "x".repeat(256))) {
            Answer answer = api.post(
                    "/register", "{\"username\":\"%s\",\"password\":\"correct horse battery\"}".formatted(value));
            assertEquals(400, answer.status(), value);
            assertEquals(List.of("/username"), answer.pointers());
            assertEquals(
                    400,
                    api.post("/login", "{\"username\":\"%s\",\"password\":\"x\"}".formatted(value))
                            .status());
        }
    }

    @Test
    void unusualPasswordsAreAccepted() {
        String password = "\\u0000 <b>\\n𝄞 \\u202e long";
        String body = "{\"username\":\"bob\",\"password\":\"" + password + "\"}";
        assertEquals(201, api.post("/register", body).status());
        assertEquals(200, api.post("/login", body).status());
    }

    @Test
    void namesMayBeLongAndOfAnyScript() {
        String name = "Ж".repeat(255);
        Answer answer = api.post(
                "/register",
                "{\"username\":\"%s\",\"password\":\"correct horse battery\",\"first_name\":\"%s\"}"
                        .formatted("u".repeat(255), name));
        assertEquals(201, answer.status(), answer::body);
        assertEquals(name, api.get("/me", AuthApi.bearer(answer)).text("first_name"));
    }

    @Test
    void markupInNamesIsRefused() {
        Answer answer = api.post(
                "/register",
                "{\"username\":\"bob\",\"password\":\"correct horse battery\",\"first_name\":\"<script>alert(1)</script>\"}");
        assertEquals(List.of("/first_name"), answer.pointers());
        assertFalse(answer.body().contains("<script"));
    }

    @Test
    void aBodyOfMoreThanSixteenKibibytesIsRefused() {
        String body = "{\"username\":\"alice\",\"password\":\"" + "x".repeat(16 * 1024) + "\"}";
        for (String path : WITH_BODY) {
            Answer answer = api.post(path, body);
            assertEquals(413, answer.status());
            assertEquals("content_too_large", answer.error());
        }
    }

    @Test
    void otherContentTypesAreRefused() {
        for (String type : List.of("application/x-www-form-urlencoded", "text/plain", "multipart/form-data")) {
            Answer answer = api.post("/login", "username=alice&password=x", "Content-Type", type);
            assertEquals(415, answer.status(), type);
            assertEquals("unsupported_media_type", answer.error());
        }
        assertEquals(
                401,
                api.post(
                                "/login",
                                "{\"username\":\"a\",\"password\":\"b\"}",
                                "Content-Type",
                                "application/json; charset=utf-8")
                        .status());
    }

    @Test
    void aMalformedContentTypeIsRefused() {
        for (String type : List.of("json", "/", "application/", ";", "a/b/c")) {
            Answer answer = api.post("/login", "{\"username\":\"a\",\"password\":\"b\"}", "Content-Type", type);
            assertEquals(415, answer.status(), type + answer);
            assertEquals("unsupported_media_type", answer.error());
        }
    }

    @Test
    void malformedPathsAreNotFound() {
        for (String path : List.of("/me%00", "/me%0a", "/me%2f")) {
            Answer answer = api.get(path);
            assertEquals(404, answer.status(), path);
            assertEquals("not_found", answer.error());
        }
    }

    // Keycloak refuses it before the auth API: the answer is not a problem document, but has no details of an error
    @Test
    void aRequestThatKeycloakRefusesItselfIsABadRequest() {
        for (String path : List.of("//me", "/../me", "/me/sessions/%2e%2e", "/me;a=b")) {
            Answer answer = AuthApi.sendAnywhere(URI.create(api.address("") + path), "GET", "");
            assertEquals(400, answer.status(), path);
        }
    }

    @Test
    void aClientThatDoesNotAcceptJsonIsRefused() {
        assertEquals(406, api.get("/openapi.json", "Accept", "text/html").status());
        assertEquals(
                200, api.get("/openapi.json", "Accept", "text/html, */*;q=0.1").status());
        assertEquals(200, api.get("/openapi.json", "Accept", "application/*").status());
    }

    @Test
    void otherMethodsAreRefusedWithTheAllowedOnes() {
        for (String method : List.of("GET", "PUT", "PATCH", "DELETE")) {
            Answer answer = api.send(method, "/login", method.equals("PUT") ? "{}" : "");
            assertEquals(405, answer.status(), method);
            assertEquals("POST, OPTIONS", answer.header("allow"));
            assertEquals("method_not_allowed", answer.error());
        }
        assertEquals("GET, PUT, DELETE, OPTIONS", api.post("/me", "{}").header("allow"));
    }

    @Test
    void otherPathsAreNotFound() {
        for (String path : List.of("", "/", "/nothing", "/me/sessions/a/b")) {
            assertEquals(404, api.get(path).status(), path);
        }
    }

    @Test
    void theServersSecurityHeadersAreThere() {
        for (Answer answer : List.of(api.get("/openapi.json"), api.login("nobody", "wrong"))) {
            assertEquals("nosniff", answer.header("x-content-type-options"));
            assertEquals("no-referrer", answer.header("referrer-policy"));
            assertFalse(answer.header("strict-transport-security").isEmpty());
        }
    }
}
