package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class MailedCodeTest {

    @Test
    void aTokenHasTheCodeAndTheMailboxAndGoesIntoAUrl() {
        MailedCode code = new MailedCode("jörg+a:b@perch.example", "012345");
        assertTrue(code.token().matches("[A-Za-z0-9_-]+"), code.token());
        assertEquals(Optional.of(code), MailedCode.of(code.token()));
    }

    @Test
    void anInvalidTokenHasNoCode() {
        assertEquals(Optional.empty(), MailedCode.of(""));
        assertEquals(Optional.empty(), MailedCode.of("123456"));
        assertEquals(Optional.empty(), MailedCode.of("no Base64"));
    }

    @Test
    void noLogContainsTheCode() {
        assertFalse(new MailedCode("bob@perch.example", "012345").toString().contains("012345"));
    }
}
