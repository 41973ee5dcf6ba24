package io.perch.keycloak.outbox;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.GroupModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.RoleUtils;
import org.keycloak.storage.StorageId;

/**
 * Reads the current state of users from the database. It avoids Keycloak's models where possible, because these cache what they
 * have read, and another transaction may have committed in the meantime.
 */
final class UserStates {

    private static final String PHONE_NUMBER = "phone_number";

    private final KeycloakSession session;
    private final Set<String> attributes;
    private final EntityManager entities;

    /**
     * Reads in a session's transaction.
     *
     * @param attributes names of the user attributes that are published
     */
    UserStates(KeycloakSession session, Set<String> attributes) {
        this.session = session;
        this.attributes = attributes;
        this.entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    /** The state of a user as the member {@code user} of a CloudEvent's data; null if there is no such user. */
    @Nullable
    Map<String, Object> read(String realmId, String userId) {
        RealmModel realm = session.realms().getRealm(realmId);
        if (realm == null) {
            return null;
        }
        return StorageId.isLocalStorage(userId) ? local(realm, List.of(userId)).get(userId) : ofModel(realm, userId);
    }

    /** The states of users in Keycloak's own database, by their ids. A user who does not exist is left out. */
    Map<String, Map<String, Object>> local(RealmModel realm, Collection<String> userIds) {
        Map<String, Map<String, List<String>>> attributesOf = attributes(userIds);
        Map<String, Set<RoleModel>> rolesOf = roles(realm, userIds);
        Map<Set<RoleModel>, List<String>> effective = new HashMap<>();
        Map<String, Map<String, Object>> states = new HashMap<>();
        for (Object[] user : entities.createQuery(
                        "select u.id, u.username, u.email, u.emailVerified, u.firstName, u.lastName, u.enabled,"
                                + " u.createdTimestamp, u.federationLink from UserEntity u"
                                + " where u.id in :users and u.realmId = :realm",
                        Object[].class)
                .setParameter("users", userIds)
                .setParameter("realm", realm.getId())
                .getResultList()) {
            String id = (String) user[0];
            @Nullable
            Map<String, Object> state = user[8] != null
                    // The user's storage may replace the values of the database
                    ? ofModel(realm, id)
                    : state(
                            (String) user[1],
                            (String) user[2],
                            (Boolean) user[3],
                            (String) user[4],
                            (String) user[5],
                            (Boolean) user[6],
                            (Long) user[7],
                            attributesOf.getOrDefault(id, Map.of()),
                            effective.computeIfAbsent(
                                    rolesOf.getOrDefault(id, Set.of()),
                                    roles -> names(RoleUtils.expandCompositeRoles(roles))));
            if (state != null) {
                states.put(id, state);
            }
        }
        return states;
    }

    private Map<String, Map<String, List<String>>> attributes(Collection<String> userIds) {
        Set<String> names = new HashSet<>(attributes);
        names.add(PHONE_NUMBER);
        Map<String, Map<String, List<String>>> found = new HashMap<>();
        entities.createQuery(
                        "select a.user.id, a.name, a.value, a.longValue from UserAttributeEntity a"
                                + " where a.user.id in :users and a.name in :names order by a.name, a.value, a.id",
                        Object[].class)
                .setParameter("users", userIds)
                .setParameter("names", names)
                .getResultList()
                .forEach(row -> {
                    @Nullable Object value = row[2] == null ? row[3] : row[2];
                    if (value != null) {
                        found.computeIfAbsent((String) row[0], id -> new TreeMap<>())
                                .computeIfAbsent((String) row[1], name -> new ArrayList<>())
                                .add((String) value);
                    }
                });
        return found;
    }

    private Map<String, Set<RoleModel>> roles(RealmModel realm, Collection<String> userIds) {
        Map<String, Set<RoleModel>> roles = new HashMap<>();
        pairs("select m.user.id, m.roleId from UserRoleMappingEntity m where m.user.id in :users", userIds)
                .forEach(pair -> {
                    RoleModel role = session.roles().getRoleById(realm, (String) pair[1]);
                    if (role != null) {
                        roles.computeIfAbsent((String) pair[0], id -> new HashSet<>())
                                .add(role);
                    }
                });
        pairs("select m.user.id, m.groupId from UserGroupMembershipEntity m where m.user.id in :users", userIds)
                .forEach(pair -> addRoles(
                        session.groups().getGroupById(realm, (String) pair[1]),
                        roles.computeIfAbsent((String) pair[0], id -> new HashSet<>())));
        return roles;
    }

    private static void addRoles(@Nullable GroupModel group, Set<RoleModel> roles) {
        for (GroupModel current = group; current != null; current = current.getParent()) {
            current.getRoleMappingsStream().forEach(roles::add);
        }
    }

    private List<Object[]> pairs(String query, Collection<String> userIds) {
        return entities.createQuery(query, Object[].class)
                .setParameter("users", userIds)
                .getResultList();
    }

    private static List<String> names(Collection<RoleModel> roles) {
        return roles.stream()
                .filter(RoleUtils::isRealmRole)
                .map(RoleModel::getName)
                .sorted()
                .toList();
    }

    private @Nullable Map<String, Object> ofModel(RealmModel realm, String userId) {
        UserModel user = session.users().getUserById(realm, userId);
        if (user == null) {
            return null;
        }
        Map<String, List<String>> found = new TreeMap<>();
        Stream.concat(attributes.stream(), Stream.of(PHONE_NUMBER)).forEach(name -> {
            List<String> values = user.getAttributeStream(name).toList();
            if (!values.isEmpty()) {
                found.put(name, values);
            }
        });
        return state(
                user.getUsername(),
                user.getEmail(),
                user.isEmailVerified(),
                user.getFirstName(),
                user.getLastName(),
                user.isEnabled(),
                user.getCreatedTimestamp(),
                found,
                names(RoleUtils.getDeepUserRoleMappings(user)));
    }

    private Map<String, Object> state(
            String username,
            @Nullable String email,
            boolean emailVerified,
            @Nullable String firstName,
            @Nullable String lastName,
            boolean enabled,
            @Nullable Long createdAt,
            Map<String, List<String>> found,
            List<String> roles) {
        Map<String, List<String>> allowed = new LinkedHashMap<>(found);
        allowed.keySet().retainAll(attributes);
        List<String> phone = found.getOrDefault(PHONE_NUMBER, List.of());
        return new EventData()
                .with("username", username)
                .with("email", email)
                .with("email_verified", emailVerified)
                .with("first_name", firstName)
                .with("last_name", lastName)
                .with("phone_number", phone.isEmpty() ? null : phone.get(0))
                .with("roles", roles)
                .with("enabled", enabled)
                .with("created_at", createdAt == null ? null : CloudEvents.time(createdAt))
                .with("attributes", allowed.isEmpty() ? null : allowed)
                .toMap();
    }
}
