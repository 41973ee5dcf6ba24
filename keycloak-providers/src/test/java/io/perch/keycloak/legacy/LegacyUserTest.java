package io.perch.keycloak.legacy;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LegacyUserTest {

    @Test
    void addressesThatDifferOnlyInCaseAreTheSame() {
        assertTrue(LegacyUser.isSame("MINA@Perch.example", "mina@perch.example"));
    }

    @Test
    void anAddressThatOnlyLooksTheSameIsAnother() {
        // With a dotless i
        assertFalse(LegacyUser.isSame("mina@perch.example", "m\u0131na@perch.example"));
    }

    @Test
    void aUserWithoutAnAddressHasNoneThatIsTheSame() {
        assertFalse(LegacyUser.isSame("mina@perch.example", null));
    }
}
