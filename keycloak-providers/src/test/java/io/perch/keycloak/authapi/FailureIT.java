package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.perch.keycloak.PackagedProviders;
import org.junit.jupiter.api.Test;
import org.keycloak.models.AuthenticationExecutionModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;
import org.keycloak.testframework.remote.runonserver.InjectRunOnServer;
import org.keycloak.testframework.remote.runonserver.RunOnServerClient;

/** The answers to a client when the server itself fails. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // set before each test
class FailureIT extends AuthApiInAServer {

    @InjectRunOnServer(permittedPackages = "io.perch.keycloak.authapi")
    RunOnServerClient server;

    @Test
    void aFailureHasAKeyForTheLogAndNoStackTrace() {
        realm.user("alice");
        breakTheDirectGrantFlow();
        Answer first = api.login("alice", AuthApiRealm.PASSWORD);
        Answer second = api.login("alice", AuthApiRealm.PASSWORD);
        assertEquals(500, first.status());
        assertEquals("internal_error", first.error());
        assertTrue(first.text("instance").matches("urn:uuid:[0-9a-f-]{36}"), first::body);
        assertFalse(first.text("instance").equals(second.text("instance")));
        assertEquals("no-store", first.header("cache-control"));
        for (String secret : new String[] {"Exception", "org.keycloak", "io.perch", "at ", "gone", "alice"}) {
            assertFalse(first.body().contains(secret), first::body);
        }
    }

    // As in a realm whose flow has an authenticator from a jar that was removed
    private void breakTheDirectGrantFlow() {
        String name = realm.admin().toRepresentation().getRealm();
        server.run(session -> addAMissingAuthenticator(session, name));
    }

    private static void addAMissingAuthenticator(KeycloakSession session, String realmName) {
        RealmModel realm = session.realms().getRealmByName(realmName);
        session.getContext().setRealm(realm);
        AuthenticationExecutionModel execution = new AuthenticationExecutionModel();
        execution.setParentFlow(realm.getDirectGrantFlow().getId());
        execution.setAuthenticator("gone");
        execution.setRequirement(AuthenticationExecutionModel.Requirement.REQUIRED);
        execution.setPriority(99);
        realm.addAuthenticatorExecution(execution);
    }
}
