package io.perch.keycloak.legacy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.perch.keycloak.DirectGrant;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.keycloak.admin.client.CreatedResponseUtil;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.common.util.MultivaluedHashMap;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.ComponentRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.RoleRepresentation;
import org.keycloak.representations.idm.RolesRepresentation;
import org.keycloak.representations.idm.SynchronizationResultRepresentation;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.representations.userprofile.config.UPConfig;
import org.keycloak.storage.UserStorageProvider;

/** A realm that users are imported to. {@link #close} removes it. */
final class MovingRealm implements AutoCloseable {

    final String name = "moving-" + UUID.randomUUID();
    final RealmResource realm;
    final DirectGrant grant;

    private final URI address;

    MovingRealm(String server, Keycloak admin) {
        RealmRepresentation representation = new RealmRepresentation();
        representation.setRealm(name);
        representation.setEnabled(true);
        representation.setBruteForceProtected(true);
        representation.setFailureFactor(30);
        representation.setQuickLoginCheckMilliSeconds(0L);
        representation.setAttributes(new HashMap<>(Map.of("auth-api.default-client", "admin-cli")));
        RolesRepresentation roles = new RolesRepresentation();
        roles.setRealm(List.of(role("user"), role("moderator"), role("admin")));
        representation.setRoles(roles);
        ClientRepresentation app = new ClientRepresentation();
        app.setClientId("app");
        app.setPublicClient(true);
        app.setRedirectUris(List.of("http://localhost/app"));
        representation.setClients(List.of(app));
        admin.realms().create(representation);
        address = URI.create(server + "/realms/" + name);
        realm = admin.realm(name);
        UPConfig profile = realm.users().userProfile().getConfiguration();
        profile.getAttributes().forEach(attribute -> attribute.setRequired(null));
        realm.users().userProfile().update(profile);
        grant = new DirectGrant(server, name);
    }

    private static RoleRepresentation role(String name) {
        return new RoleRepresentation(name, null, false);
    }

    /** Makes the hashing of passwords very cheap, also for unknown users. */
    void hashCheaply() {
        RealmRepresentation representation = realm.toRepresentation();
        representation.setPasswordPolicy("hashAlgorithm(pbkdf2-sha256) and hashIterations(1)");
        realm.update(representation);
    }

    /** The address of the authorization request. A sign-in ends at {@code /app}. */
    URI signInPage() {
        return URI.create(
                address + "/protocol/openid-connect/auth?client_id=app&response_type=code&scope=openid&redirect_uri="
                        + "http%3A%2F%2Flocalhost%2Fapp");
    }

    /** Connects the old database. Fails if the server refuses the configuration. */
    String connect(OldDatabase database, String... options) {
        try (Response response = save(database, options)) {
            assertEquals(201, response.getStatus(), () -> response.readEntity(String.class));
            return CreatedResponseUtil.getCreatedId(response);
        }
    }

    /** The server's answer to a configuration. The caller must close it. */
    Response save(OldDatabase database, String... options) {
        return save(realm, config(database, options));
    }

    static Response save(RealmResource realm, MultivaluedHashMap<String, String> config) {
        ComponentRepresentation component = new ComponentRepresentation();
        component.setName("old");
        component.setProviderId("legacy-users");
        component.setProviderType(UserStorageProvider.class.getName());
        component.setConfig(config);
        return realm.components().add(component);
    }

    /** A configuration for the database, changed by {@code name, value, name, value}. */
    static MultivaluedHashMap<String, String> config(OldDatabase database, String... options) {
        MultivaluedHashMap<String, String> config = new MultivaluedHashMap<>();
        config.putSingle("database-kind", database.vendor());
        config.putSingle("host", "localhost");
        config.putSingle("port", Integer.toString(database.port()));
        config.putSingle("database", database.database());
        config.putSingle("tls", "disable");
        config.putSingle("user", database.user());
        config.putSingle("preset", "full");
        config.putSingle("table", "users");
        config.putSingle("roles", "user=user, moderator=moderator, admin=admin");
        config.putSingle("superuser-role", "admin");
        for (int i = 0; i < options.length; i += 2) {
            config.putSingle(options[i], options[i + 1]);
        }
        return config;
    }

    SynchronizationResultRepresentation sync(String component, String action) {
        return realm.userStorage().syncUsers(component, action);
    }

    /** A configuration without the option for roles. */
    static MultivaluedHashMap<String, String> configWithoutRoles(OldDatabase database) {
        MultivaluedHashMap<String, String> config = config(database);
        config.remove("roles");
        config.remove("superuser-role");
        return config;
    }

    UserRepresentation user(String username) {
        return realm.users().searchByUsername(username, true).get(0);
    }

    List<String> roles(String username) {
        return realm.users().get(user(username).getId()).roles().realmLevel().listAll().stream()
                .map(RoleRepresentation::getName)
                .filter(role -> !role.startsWith("default-roles-"))
                .sorted()
                .toList();
    }

    int count() {
        return realm.users().count();
    }

    @Override
    public void close() {
        realm.remove();
    }
}
