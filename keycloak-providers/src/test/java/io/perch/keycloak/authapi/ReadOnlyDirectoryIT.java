package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import io.perch.keycloak.PackagedProviders;
import java.net.InetAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.keycloak.common.util.MultivaluedHashMap;
import org.keycloak.representations.idm.ComponentRepresentation;
import org.keycloak.testframework.annotations.KeycloakIntegrationTest;

/** Users of a directory that Keycloak may only read. */
@KeycloakIntegrationTest(config = PackagedProviders.class)
@SuppressWarnings("NullAway.Init") // set before each test
class ReadOnlyDirectoryIT extends AuthApiInAServer {

    private static final String BASE = "dc=perch,dc=example";

    private InMemoryDirectoryServer directory;
    private MailSink mail;

    @BeforeEach
    void startDirectory() throws LDAPException, LDIFException {
        InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(BASE);
        config.setListenerConfigs(
                InMemoryListenerConfig.createLDAPConfig("ldap", InetAddress.getLoopbackAddress(), 0, null));
        directory = new InMemoryDirectoryServer(config);
        directory.add("dn: " + BASE, "objectClass: domain", "dc: perch");
        directory.add(
                "dn: uid=lea," + BASE,
                "objectClass: inetOrgPerson",
                "uid: lea",
                "cn: Lea",
                "sn: Perch",
                "mail: lea@perch.example",
                "userPassword: " + AuthApiRealm.PASSWORD);
        directory.startListening();
        mail = MailSink.of(realm);
        addFederation();
    }

    private void addFederation() {
        ComponentRepresentation federation = new ComponentRepresentation();
        federation.setName("directory");
        federation.setProviderType("org.keycloak.storage.UserStorageProvider");
        federation.setProviderId("ldap");
        MultivaluedHashMap<String, String> config = new MultivaluedHashMap<>();
        Map.of(
                        "vendor", "other",
                        "editMode", "READ_ONLY",
                        "connectionUrl", "ldap://127.0.0.1:" + directory.getListenPort(),
                        "usersDn", BASE,
                        "authType", "none",
                        "usernameLDAPAttribute", "uid",
                        "rdnLDAPAttribute", "uid",
                        "uuidLDAPAttribute", "entryUUID",
                        "userObjectClasses", "inetOrgPerson",
                        "importEnabled", "true")
                .forEach(config::putSingle);
        federation.setConfig(config);
        realm.admin().components().add(federation).close();
    }

    @AfterEach
    void stop() {
        mail.close();
        directory.shutDown(true);
    }

    @Test
    void aPasswordInAReadOnlyDirectoryIsNotChanged() {
        Answer tokens = api.login("lea", AuthApiRealm.PASSWORD);
        assertEquals(200, tokens.status(), tokens::body);
        Answer refused = api.post(
                "/me/password",
                "{\"current_password\":\"correct horse battery\",\"new_password\":\"another horse battery\"}",
                AuthApi.bearer(tokens));
        assertEquals(403, refused.status(), refused::body);
        assertEquals("forbidden", refused.error());
    }

    @Test
    void aFailedResetDoesNotUseUpTheCode() {
        assertEquals(200, api.login("lea", AuthApiRealm.PASSWORD).status());
        api.post("/forgot-password", "{\"email\":\"lea@perch.example\"}");
        String body = "{\"email\":\"lea@perch.example\",\"code\":\"%s\",\"new_password\":\"another horse battery\"}"
                .formatted(mail.code(1));
        for (int i = 0; i < 2; i++) {
            Answer refused = api.post("/reset-password", body);
            assertEquals(403, refused.status(), refused::body);
            assertEquals("forbidden", refused.error());
        }
    }
}
