package io.perch.keycloak.authapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.keycloak.admin.client.CreatedResponseUtil;
import org.keycloak.admin.client.Keycloak;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.admin.client.resource.RoleScopeResource;
import org.keycloak.events.EventType;
import org.keycloak.representations.idm.AuthenticationFlowRepresentation;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.representations.idm.CredentialRepresentation;
import org.keycloak.representations.idm.EventRepresentation;
import org.keycloak.representations.idm.ProtocolMapperRepresentation;
import org.keycloak.representations.idm.RealmRepresentation;
import org.keycloak.representations.idm.RequiredActionProviderRepresentation;
import org.keycloak.representations.idm.RoleRepresentation;
import org.keycloak.representations.idm.RolesRepresentation;
import org.keycloak.representations.idm.UserRepresentation;
import org.keycloak.representations.userprofile.config.UPAttribute;
import org.keycloak.representations.userprofile.config.UPAttributePermissions;
import org.keycloak.representations.userprofile.config.UPConfig;

/** A separate realm with the auth API. {@link #close} removes it. */
final class AuthApiRealm implements AutoCloseable {

    static final String PASSWORD = "correct horse battery";
    static final String SECRET = "a-secret-of-32-characters-or-more";
    static final String ORIGIN = "https://app.example";

    private final URI address;
    private final Keycloak admin;
    private final RealmResource realm;

    private AuthApiRealm(URI server, String name, Keycloak admin) {
        this.address = server.resolve("/realms/" + name);
        this.admin = admin;
        this.realm = admin.realm(name);
    }

    static AuthApiRealm create(URI server) {
        Keycloak admin = Keycloak.getInstance(server.toString(), "master", "admin", "admin", "admin-cli");
        RealmRepresentation realm = new RealmRepresentation();
        realm.setRealm("api-" + UUID.randomUUID());
        realm.setEnabled(true);
        realm.setRegistrationAllowed(true);
        realm.setResetPasswordAllowed(true);
        realm.setPasswordPolicy("length(12) and passwordHistory(3)");
        realm.setRevokeRefreshToken(true);
        realm.setEventsEnabled(true);
        realm.setEnabledEventTypes(Stream.of(EventType.values()).map(Enum::name).toList());
        realm.setAttributes(new HashMap<>(
                Map.of(Settings.DEFAULT_CLIENT, "cli", VerifyEmailFlow.ATTRIBUTE, "sign in by e-mail code")));
        realm.setAuthenticationFlows(flowsOfPerch());
        RolesRepresentation roles = new RolesRepresentation();
        roles.setRealm(List.of(new RoleRepresentation("admin", null, false)));
        realm.setRoles(roles);
        realm.setClients(List.of(
                client("cli", true, true), client("no-passwords", true, false), client("confidential", false, true)));
        admin.realms().create(realm);
        AuthApiRealm created = new AuthApiRealm(server, realm.getRealm(), admin);
        created.requireNoProfileAttributes();
        return created;
    }

    // As in the realm perch
    private static List<AuthenticationFlowRepresentation> flowsOfPerch() {
        ObjectMapper json = new ObjectMapper();
        try {
            JsonNode flows = json.readTree(
                            Path.of("../realm-export/perch-realm.json").toFile())
                    .get("authenticationFlows");
            return List.of(json.treeToValue(flows, AuthenticationFlowRepresentation[].class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ClientRepresentation client(String id, boolean isPublic, boolean passwords) {
        ClientRepresentation client = new ClientRepresentation();
        client.setClientId(id);
        client.setPublicClient(isPublic);
        client.setSecret(isPublic ? null : SECRET);
        client.setDirectAccessGrantsEnabled(passwords);
        client.setRedirectUris(List.of(ORIGIN + "/callback"));
        client.setWebOrigins(List.of(ORIGIN));
        return client;
    }

    private void requireNoProfileAttributes() {
        UPConfig profile = realm.users().userProfile().getConfiguration();
        profile.getAttributes().forEach(attribute -> attribute.setRequired(null));
        UPAttribute phone = new UPAttribute("phone_number");
        phone.setPermissions(new UPAttributePermissions(Set.of("admin", "user"), Set.of("admin", "user")));
        phone.setValidations(Map.of("phone-number", new HashMap<>()));
        profile.addOrReplaceAttribute(phone);
        realm.users().userProfile().update(profile);
    }

    AuthApi api() {
        return new AuthApi(URI.create(address + "/auth-api/v1"));
    }

    URI address(String path) {
        return URI.create(address + path);
    }

    RealmResource admin() {
        return realm;
    }

    Keycloak server() {
        return admin;
    }

    void change(Consumer<RealmRepresentation> change) {
        RealmRepresentation representation = realm.toRepresentation();
        change.accept(representation);
        realm.update(representation);
    }

    /** A user with {@link #PASSWORD} and the address NAME@perch.example, verified. Returns the id. */
    String user(String name, CredentialRepresentation... more) {
        CredentialRepresentation password = new CredentialRepresentation();
        password.setType(CredentialRepresentation.PASSWORD);
        password.setValue(PASSWORD);
        List<CredentialRepresentation> credentials = new ArrayList<>(List.of(more));
        credentials.add(password);
        UserRepresentation user = new UserRepresentation();
        user.setUsername(name);
        user.setEmail(name + "@perch.example");
        user.setEmailVerified(true);
        user.setEnabled(true);
        user.setCredentials(credentials);
        try (Response response = realm.users().create(user)) {
            return CreatedResponseUtil.getCreatedId(response);
        }
    }

    void changeUser(String id, Consumer<UserRepresentation> change) {
        UserRepresentation user = realm.users().get(id).toRepresentation();
        change.accept(user);
        realm.users().get(id).update(user);
    }

    void makeAdmin(String id) {
        realm.users()
                .get(id)
                .roles()
                .realmLevel()
                .add(List.of(realm.roles().get("admin").toRepresentation()));
    }

    /** Allows the deletion of accounts in the realm, and gives this user the role for it. */
    void allowDeletion(String id) {
        RequiredActionProviderRepresentation action = realm.flows().getRequiredAction("delete_account");
        action.setEnabled(true);
        realm.flows().updateRequiredAction("delete_account", action);
        changeAccountRoles(id, roles -> roles.add(List.of(accountRole("delete-account"))));
    }

    /** Removes all roles of the account client from a user, except these. */
    void leaveAccountRoles(String id, String... left) {
        realm.users()
                .get(id)
                .roles()
                .realmLevel()
                .remove(List.of(realm.roles()
                        .get("default-roles-"
                                + realm.toRepresentation().getRealm().toLowerCase(Locale.ROOT))
                        .toRepresentation()));
        changeAccountRoles(
                id, roles -> roles.add(Stream.of(left).map(this::accountRole).toList()));
    }

    /** Adds a role of the account client to a client's tokens. */
    void mapAccountRole(String clientUuid, String role) {
        realm.clients()
                .get(clientUuid)
                .getScopeMappings()
                .clientLevel(accountClient())
                .add(List.of(accountRole(role)));
    }

    /** Adds an audience to a client's tokens. */
    void addAudience(String clientId, String audience) {
        ProtocolMapperRepresentation mapper = new ProtocolMapperRepresentation();
        mapper.setName("audience " + audience);
        mapper.setProtocol("openid-connect");
        mapper.setProtocolMapper("oidc-audience-mapper");
        mapper.setConfig(Map.of("included.custom.audience", audience, "access.token.claim", "true"));
        String uuid = realm.clients().findByClientId(clientId).get(0).getId();
        realm.clients().get(uuid).getProtocolMappers().createMapper(mapper).close();
    }

    private void changeAccountRoles(String id, Consumer<RoleScopeResource> change) {
        change.accept(realm.users().get(id).roles().clientLevel(accountClient()));
    }

    private RoleRepresentation accountRole(String name) {
        return realm.clients().get(accountClient()).roles().get(name).toRepresentation();
    }

    private String accountClient() {
        return realm.clients().findByClientId("account").get(0).getId();
    }

    /** The events of a type, the newest first. */
    List<EventRepresentation> events(String type) {
        return realm.getEvents(List.of(type), null, null, null, null, null, null, null);
    }

    @Override
    public void close() {
        realm.remove();
        admin.close();
    }
}
