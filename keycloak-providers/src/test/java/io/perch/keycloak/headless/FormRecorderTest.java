package io.perch.keycloak.headless;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.ws.rs.core.Response;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.forms.login.MessageType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.utils.FormMessage;

class FormRecorderTest {

    private final Map<Object, Object> attributes = new HashMap<>();
    private final KeycloakSession session = (KeycloakSession) Proxy.newProxyInstance(
            KeycloakSession.class.getClassLoader(),
            new Class<?>[] {KeycloakSession.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "setAttribute" -> attributes.put(arguments[0], arguments[1]);
                case "getAttribute" -> attributes.get(arguments[0]);
                case "getProvider" -> FormRecorder.installed((KeycloakSession) proxy);
                default -> throw new UnsupportedOperationException(method.getName());
            });

    private FormRecorder recorder;
    private LoginFormsProvider pages;

    @BeforeEach
    void install() {
        assertNull(FormRecorder.installed(session));
        recorder = requireNonNull(FormRecorder.install(session));
        pages = requireNonNull(FormRecorder.installed(session));
    }

    @Test
    void aPageIsRecordedAndNothingIsRendered() {
        Response page = pages.setAttribute("sentTo", "a***@perch.example").createForm("email-code.ftl");
        assertTrue(recorder.made(page));
        assertFalse(recorder.made(Response.ok().build()));
        assertFalse(recorder.hasError());
        assertFalse(recorder.isErrorPage());
        assertEquals(Map.of("sentTo", "a***@perch.example"), recorder.attributes());
    }

    @Test
    void everyKindOfErrorIsSeen() {
        pages.setError("invalid");
        assertTrue(recorder.hasError());
        recorder.reset();
        pages.addError(new FormMessage("field", "invalid"));
        assertTrue(recorder.hasError());
        recorder.reset();
        pages.setErrors(List.of());
        assertFalse(recorder.hasError());
        pages.setErrors(List.of(new FormMessage("field", "invalid")));
        assertTrue(recorder.hasError());
        recorder.reset();
        pages.setMessage(MessageType.INFO, "sent");
        assertFalse(recorder.hasError());
        pages.setMessage(MessageType.ERROR, "invalid");
        assertTrue(recorder.hasError());
    }

    @Test
    void errorsAreTheKeysOfTheirMessages() {
        pages.setErrors(List.of(new FormMessage("password", "tooShort", 12)));
        pages.addError(new FormMessage("email", "missing"));
        pages.setError("refused", "one", 2);
        assertEquals(
                List.of("password", "email", FormMessage.GLOBAL),
                recorder.errors().stream().map(FormMessage::getField).toList());
        assertEquals(
                List.of("tooShort", "missing", "refused"),
                recorder.errors().stream().map(FormMessage::getMessage).toList());
        assertEquals(List.of("one", 2), List.of(recorder.errors().get(2).getParameters()));
        recorder.reset();
        assertEquals(List.of(), recorder.errors());
    }

    @Test
    void anErrorPageIsTold() {
        pages.createErrorPage(Response.Status.BAD_REQUEST);
        assertTrue(recorder.isErrorPage());
    }

    @Test
    void aResetForgetsTheLastPage() {
        Response page = pages.setAttribute("a", "b").createLoginTotp();
        recorder.reset();
        assertFalse(recorder.made(page));
        assertEquals(Map.of(), recorder.attributes());
    }

    @Test
    void callsCanBeChainedAndTextsAreTheirKeys() {
        assertEquals(pages, pages.setUser(null).setInfo("hello"));
        assertEquals("loginTitle", pages.getMessage("loginTitle"));
        assertTrue(pages.toString().contains("without a browser"));
        assertFalse(pages.equals(new Object()));
    }
}
