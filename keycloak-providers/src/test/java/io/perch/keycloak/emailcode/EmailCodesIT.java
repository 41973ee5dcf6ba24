package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.WrongCode;
import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** What a code is good for: one user, purpose, address and realm, once, for ten minutes. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
class EmailCodesIT extends EmailCodesInAServer {

    @Test
    void aCodeWorksOnce() {
        assertEquals("SENT", codes.send("ada", Purpose.VERIFY_EMAIL));
        String code = realm.codeOfMail(1);
        assertEquals("ACCEPTED", codes.redeem("ada", Purpose.VERIFY_EMAIL, code));
        assertEquals("VOID", codes.redeem("ada", Purpose.VERIFY_EMAIL, code));
    }

    @Test
    void aCheckedCodeStaysValid() {
        codes.send("ada", Purpose.RESET_PASSWORD);
        String code = realm.codeOfMail(1);
        for (int i = 0; i < 6; i++) {
            assertEquals("ACCEPTED", codes.check("ada", Purpose.RESET_PASSWORD, code));
        }
        assertEquals("WRONG", codes.check("ada", Purpose.RESET_PASSWORD, WrongCode.otherThan(code)));
        assertEquals("ACCEPTED", codes.redeem("ada", Purpose.RESET_PASSWORD, code));
    }

    @Test
    void aCodeIsValidForTenMinutes() {
        codes.send("ada", Purpose.LOGIN);
        String code = realm.codeOfMail(1);
        time.set(580);
        assertEquals("ACCEPTED", codes.check("ada", Purpose.LOGIN, code));
        time.set(602);
        assertEquals("VOID", codes.redeem("ada", Purpose.LOGIN, code));
    }

    @Test
    void aCodeIsBoundToItsUserAndPurpose() {
        realm.createUser("mona", false);
        codes.send("ada", Purpose.RESET_PASSWORD);
        String code = realm.codeOfMail(1);
        codes.send("mona", Purpose.RESET_PASSWORD);
        codes.send("ada", Purpose.LOGIN);
        String others = realm.codeOfMail(2) + realm.codeOfMail(3);

        assertEquals("VOID", codes.redeem("ada", Purpose.VERIFY_EMAIL, code));
        if (!others.contains(code)) {
            assertEquals("WRONG", codes.redeem("mona", Purpose.RESET_PASSWORD, code));
            assertEquals("WRONG", codes.redeem("ada", Purpose.LOGIN, code));
        }
        assertEquals("ACCEPTED", codes.redeem("ada", Purpose.RESET_PASSWORD, code));
    }

    @Test
    void aCodeIsBoundToItsRealm() {
        try (CodesRealm elsewhere = new CodesRealm(admin)) {
            elsewhere.createUser("ada", false);
            codes.send("ada", Purpose.LOGIN);
            String code = realm.codeOfMail(1);
            CodesInAServer codesElsewhere = new CodesInAServer(server, elsewhere.name);
            assertEquals("VOID", codesElsewhere.redeem("ada", Purpose.LOGIN, code));
            codesElsewhere.send("ada", Purpose.LOGIN);
            if (!elsewhere.codeOfMail(1).equals(code)) {
                assertEquals("WRONG", codesElsewhere.redeem("ada", Purpose.LOGIN, code));
            }
        }
    }

    @Test
    void aChangedAddressVoidsTheCode() {
        codes.send("ada", Purpose.VERIFY_EMAIL);
        String code = realm.codeOfMail(1);
        UserRepresentation ada = realm.user("ada");
        ada.setEmail("other@perch.example");
        realm.realm.users().get(ada.getId()).update(ada);

        assertEquals("WRONG", codes.redeem("ada", Purpose.VERIFY_EMAIL, code));
    }

    @Test
    void theCodeOfOneAddressDoesNotVerifyAnotherThatTheUserGetsInTheSameMoment() {
        codes.send("ada", Purpose.VERIFY_EMAIL);
        String code = realm.codeOfMail(1);
        assertNotEquals("ACCEPTED", codes.verifyWhileTheAddressChanges("ada", code, "eve@perch.example"));
        assertEquals("eve@perch.example", realm.user("ada").getEmail());
        assertFalse(realm.user("ada").isEmailVerified());
    }

    @Test
    void theDatabaseKeepsAHashAndNotTheCode() {
        codes.send("ada", Purpose.LOGIN);
        String code = realm.codeOfMail(1);
        List<String> rows = codes.rows();
        assertNotEquals(List.of(), rows);
        // Hashes and ids are random text that may contain "ada" by chance, so whole values are compared
        assertTrue(
                rows.stream()
                        .flatMap(row -> Stream.of(row.split(" ")))
                        .noneMatch(value -> value.equals(code) || value.equals("ada") || value.contains("@")),
                rows::toString);
    }

    @Test
    void theAdministratorSeesTheProviderWithItsOptions() {
        assertTrue(providers("email-code").contains("default"));
        assertTrue(providers("required-action").contains("verify-email-code"));
        assertTrue(providers("authenticator").containsAll(Set.of("reset-password-code", "login-email-code")));
    }

    private Set<String> providers(String spi) {
        return Objects.requireNonNull(
                        admin.serverInfo().getInfo().getProviders().get(spi))
                .getProviders()
                .keySet();
    }
}
