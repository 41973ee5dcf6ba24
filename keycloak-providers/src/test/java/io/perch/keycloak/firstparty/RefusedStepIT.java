package io.perch.keycloak.firstparty;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.KeycloakProcess;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusedStepIT {

    @Test
    void aWrongDescriptionStopsTheStartAndSaysWhatToChange() {
        String printed =
                KeycloakProcess.outputOfRefusedStart(List.of("--spi-perch-step--member-number-faulty--type=otp"));
        assertTrue(
                printed.contains("provider member-number-faulty (io.perch.example.members.FaultyStep) has the type otp,"
                        + " which is built in. Choose another name, such as acme_otp"),
                printed);
    }
}
