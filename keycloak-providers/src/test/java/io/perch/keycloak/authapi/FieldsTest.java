package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {

    @Test
    void errorsAreCollected() {
        Fields fields = read("{\"a\":1,\"b\":\"x\\u0000\",\"d\":\"fine\",\"e~/\":\"\"}");
        fields.allow(Set.of("a", "b", "c", "d"));
        assertEquals(Optional.empty(), fields.text("a"));
        assertEquals(Optional.empty(), fields.text("b"));
        assertEquals("", fields.requiredText("c"));
        assertEquals("fine", fields.requiredText("d"));
        assertEquals(
                List.of("/e~0~1", "/a", "/b", "/c"),
                fields.errors().stream().map(FieldError::pointer).toList());
        assertThrows(ProblemException.class, fields::check);
    }

    @Test
    void aSecretMayHaveAnyLengthAndCharacters() {
        assertEquals(
                Optional.of("\0".repeat(300)),
                read("{\"a\":\"" + "\\u0000".repeat(300) + "\"}").secret("a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "[]", "{", "{\"a\":1,\"a\":2}", "{} {}", "{a:1}"})
    void aBodyThatIsNotAJsonObjectIsAProblem(String body) {
        ProblemException problem = assertThrows(ProblemException.class, () -> read(body));
        assertEquals(400, problem.problem().status());
    }

    @Test
    void aBodyThatIsNotUtf8IsAProblem() {
        byte[] latin1 = "{\"a\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertThrows(ProblemException.class, () -> Fields.read(new ByteArrayInputStream(latin1), 100));
    }

    @Test
    void aBodyOfTheLimitIsAcceptedAndALongerOneIsNot() {
        byte[] body = "{\"a\":\"b\"}".getBytes(StandardCharsets.UTF_8);
        Fields.read(new ByteArrayInputStream(body), body.length);
        ProblemException problem = assertThrows(
                ProblemException.class, () -> Fields.read(new ByteArrayInputStream(body), body.length - 1));
        assertEquals(413, problem.problem().status());
    }

    private static Fields read(String body) {
        return Fields.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), 10_000);
    }
}
