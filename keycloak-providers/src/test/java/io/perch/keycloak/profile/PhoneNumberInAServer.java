package io.perch.keycloak.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.ws.rs.BadRequestException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.representations.idm.ComponentTypeRepresentation;
import org.keycloak.representations.idm.ConfigPropertyRepresentation;
import org.keycloak.representations.info.ServerInfoRepresentation;
import org.keycloak.representations.info.SpiInfoRepresentation;

/** Tests of the validator in a running Keycloak. Subclasses start the server in different ways. */
abstract class PhoneNumberInAServer {

    private static final Map<String, String> GERMANY = Map.of("default-region", "DE");
    private static final String NUMBER = "+493023125000";

    private TestRealm realm;

    /**
     * The server's address, without a slash at the end. Its first administrator is {@code admin} with the password {@code admin}.
     */
    abstract URI server();

    @BeforeEach
    void createRealm() {
        realm = TestRealm.create(server());
    }

    @AfterEach
    void deleteRealm() {
        realm.close();
    }

    @Test
    void theAdminConsoleHasTheValidatorAndItsOptions() {
        ServerInfoRepresentation info = realm.serverInfo();
        SpiInfoRepresentation validators =
                Objects.requireNonNull(info.getProviders().get("validator"));
        assertTrue(validators.getProviders().containsKey("phone-number"));
        ComponentTypeRepresentation type =
                info.getComponentTypes().getOrDefault("org.keycloak.validate.Validator", List.of()).stream()
                        .filter(validator -> validator.getId().equals("phone-number"))
                        .findFirst()
                        .orElseThrow();
        assertEquals(
                List.of("default-region", "error-message"),
                type.getProperties().stream()
                        .map(ConfigPropertyRepresentation::getName)
                        .toList());
    }

    @Test
    void anE164NumberIsStoredAsItIs() {
        realm.checkPhoneNumbers(Map.of());
        TestRealm.Answer answer = realm.createUser("ada", NUMBER);
        assertEquals(201, answer.status(), answer::body);
        assertEquals(List.of(NUMBER), realm.phoneNumbersOf("ada"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void aBlankNumberIsNotStored(String blank) {
        realm.checkPhoneNumbers(GERMANY);
        TestRealm.Answer answer = realm.createUser("ada", blank);
        assertEquals(201, answer.status(), answer::body);
        assertEquals(List.of(), realm.phoneNumbersOf("ada"));
    }

    @Test
    void anInvalidNumberIsRefusedWithTheAttributesName() {
        realm.checkPhoneNumbers(GERMANY);
        TestRealm.Answer answer = realm.createUser("ada", "+4912");
        assertEquals(400, answer.status(), answer::body);
        assertEquals("phone_number", answer.json().get("field").asText());
        assertEquals(
                "error-invalid-phone-number", answer.json().get("errorMessage").asText());
    }

    @Test
    void aNationalNumberIsRefusedWithItsE164Form() {
        realm.checkPhoneNumbers(GERMANY);
        TestRealm.Answer answer = realm.createUser("ada", "030 23125000");
        assertEquals(400, answer.status(), answer::body);
        assertEquals(
                "error-phone-number-form-console",
                answer.json().get("errorMessage").asText());
        assertEquals(NUMBER, answer.json().get("params").get(1).asText());
    }

    @Test
    void anOwnMessageKeyIsUsed() {
        realm.checkPhoneNumbers(Map.of("error-message", "acme-phone"));
        TestRealm.Answer answer = realm.createUser("ada", "030 23125000");
        assertEquals("acme-phone", answer.json().get("errorMessage").asText(), answer::body);
    }

    @Test
    void aProfileWithAnUnknownRegionIsRefusedAndNotStored() {
        realm.checkPhoneNumbers(GERMANY);
        BadRequestException refusal = assertThrows(
                BadRequestException.class, () -> realm.checkPhoneNumbers(Map.of("default-region", "Germany")));
        String message = refusal.getResponse().readEntity(String.class);
        assertTrue(message.contains("default-region"), message);
        assertTrue(message.contains("Germany, not an ISO 3166-1 alpha-2 code"), message);
        assertEquals(Map.of("phone-number", GERMANY), realm.validationsOfPhoneNumber());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "en | +4912         | Invalid phone number. Enter it with plus sign and country code",
                "en | 030 23125000  | Enter the phone number as +493023125000.",
                "de | +4912         | Ungültige Telefonnummer. Geben Sie sie mit Pluszeichen und Ländervorwahl",
                "de | 030 23125000  | Geben Sie die Telefonnummer als +493023125000 ein."
            })
    void theRegistrationPageShowsTheErrorInTheUsersLanguage(String language, String number, String text) {
        realm.checkPhoneNumbers(GERMANY);
        String page = new RegistrationPage(realm.registration(language)).submit("ada", number);
        assertTrue(page.contains(text), page);
        assertEquals(List.of(), realm.users("ada"));
    }

    @Test
    void theRegistrationPageAcceptsAValidNumber() {
        realm.checkPhoneNumbers(GERMANY);
        new RegistrationPage(realm.registration("en")).submit("ada", NUMBER);
        assertEquals(List.of(NUMBER), realm.phoneNumbersOf("ada"));
    }

    @ParameterizedTest
    @CsvSource({"account,en", "account,de", "admin,en", "admin,de"})
    void theConsolesHaveTheTexts(String console, String language) {
        List<String> keys = realm.messageKeys(console, language);
        assertTrue(keys.contains("error-invalid-phone-number"));
        assertTrue(keys.contains("error-phone-number-form-console"));
    }
}
