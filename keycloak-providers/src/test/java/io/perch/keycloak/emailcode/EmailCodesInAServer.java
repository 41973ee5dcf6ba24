package io.perch.keycloak.emailcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import io.perch.keycloak.emailcode.EmailCodes.Purpose;
import io.perch.keycloak.emailcode.EmailCodes.Requester;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.testframework.annotations.InjectAdminClient;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.remote.runonserver.InjectRunOnServer;
import org.keycloak.testframework.remote.runonserver.RunOnServerClient;
import org.keycloak.testframework.remote.timeoffset.InjectTimeOffSet;
import org.keycloak.testframework.remote.timeoffset.TimeOffSet;

/** A test of {@link EmailCodes} in the running server. The realm has the user ada, whose address is not verified. */
@SuppressWarnings("NullAway.Init") // the test framework sets the fields before each test
abstract class EmailCodesInAServer extends CodesRealmInAServer {

    @InjectRunOnServer(permittedPackages = "io.perch.keycloak.emailcode")
    RunOnServerClient server;

    CodesInAServer codes;

    @BeforeEach
    void createUser() {
        codes = new CodesInAServer(server, realm.name);
        realm.createUser("ada", false);
    }
}
