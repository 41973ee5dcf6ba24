package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A test of calls that take a code from a mail, in a realm that verifies addresses. */
@SuppressWarnings("NullAway.Init") // set before each test
abstract class MailedCodesInAServer extends AuthApiInAServer {

    MailSink mail;

    @BeforeEach
    void startMail() {
        mail = MailSink.of(realm);
        realm.change(settings -> settings.setVerifyEmail(true));
    }

    @AfterEach
    void stopMail() {
        mail.close();
    }

    Answer register(String name) {
        Answer answer = api.post(
                "/register",
                "{\"email\":\"%s@perch.example\",\"password\":\"%s\"}".formatted(name, AuthApiRealm.PASSWORD));
        assertEquals(201, answer.status(), answer::body);
        return answer;
    }

    Answer verify(String email, String code, String... more) {
        StringBuilder body = new StringBuilder("{\"email\":\"%s\",\"code\":\"%s\"".formatted(email, code));
        for (int i = 0; i < more.length; i += 2) {
            body.append(",\"%s\":\"%s\"".formatted(more[i], more[i + 1]));
        }
        return api.post("/verify-email", body.append('}').toString());
    }

    Answer reset(String email, String code, String password) {
        return api.post(
                "/reset-password",
                "{\"email\":\"%s\",\"code\":\"%s\",\"new_password\":\"%s\"}".formatted(email, code, password));
    }

    void aliceForgets() {
        Answer answer = api.post("/forgot-password", "{\"email\":\"alice@perch.example\"}");
        assertEquals(202, answer.status(), answer::body);
    }
}
