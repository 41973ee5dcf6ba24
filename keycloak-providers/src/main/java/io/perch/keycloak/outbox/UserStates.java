package io.perch.keycloak.outbox;

import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
 * Reads users as the database has them now. Not by Keycloak's models where that can be helped: these keep what they have read
 * before, and another transaction may have committed meanwhile.
 */
final class UserStates {

    private static final String PHONE_NUMBER = "phone_number";

    private final KeycloakSession session;
    private final Set<String> attributes;
    private final EntityManager entities;

    /**
     * Reads in a session's transaction.
     *
     * @param attributes names of those that go along
     */
    UserStates(KeycloakSession session, Set<String> attributes) {
        this.session = session;
        this.attributes = attributes;
        this.entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    /** The state of a user as the member {@code user} of a CloudEvent's data; null where there is no such user. */
    @Nullable
    Map<String, Object> read(String realmId, String userId) {
        RealmModel realm = session.realms().getRealm(realmId);
        if (realm == null) {
            return null;
        }
        return StorageId.isLocalStorage(userId) ? local(realm, userId) : ofModel(realm, userId);
    }

    private @Nullable Map<String, Object> local(RealmModel realm, String userId) {
        List<Object[]> found = entities.createQuery(
                        "select u.username, u.email, u.emailVerified, u.firstName, u.lastName, u.enabled,"
                                + " u.createdTimestamp, u.federationLink from UserEntity u"
                                + " where u.id = :user and u.realmId = :realm",
                        Object[].class)
                .setParameter("user", userId)
                .setParameter("realm", realm.getId())
                .getResultList();
        if (found.isEmpty()) {
            return null;
        }
        Object[] user = found.get(0);
        if (user[7] != null) {
            // Its storage has the last word on what it is like
            return ofModel(realm, userId);
        }
        return state(
                (String) user[0],
                (String) user[1],
                (Boolean) user[2],
                (String) user[3],
                (String) user[4],
                (Boolean) user[5],
                (Long) user[6],
                attributes(userId),
                roles(realm, userId));
    }

    private Map<String, List<String>> attributes(String userId) {
        Map<String, List<String>> found = new TreeMap<>();
        Set<String> names = new HashSet<>(attributes);
        names.add(PHONE_NUMBER);
        entities.createQuery(
                        "select a.name, a.value, a.longValue from UserAttributeEntity a"
                                + " where a.user.id = :user and a.name in :names order by a.name, a.value, a.id",
                        Object[].class)
                .setParameter("user", userId)
                .setParameter("names", names)
                .getResultList()
                .forEach(row -> found.merge(
                        (String) row[0],
                        Stream.of(row[1], row[2])
                                .filter(Objects::nonNull)
                                .map(String.class::cast)
                                .toList(),
                        (some, more) ->
                                Stream.concat(some.stream(), more.stream()).toList()));
        return found;
    }

    private Set<RoleModel> roles(RealmModel realm, String userId) {
        Set<RoleModel> roles = new HashSet<>();
        ids("select m.roleId from UserRoleMappingEntity m where m.user.id = :user", userId)
                .map(id -> session.roles().getRoleById(realm, id))
                .filter(Objects::nonNull)
                .forEach(roles::add);
        ids("select m.groupId from UserGroupMembershipEntity m where m.user.id = :user", userId)
                .map(id -> session.groups().getGroupById(realm, id))
                .forEach(group -> addRoles(group, roles));
        return RoleUtils.expandCompositeRoles(roles);
    }

    private static void addRoles(@Nullable GroupModel group, Set<RoleModel> roles) {
        for (GroupModel one = group; one != null; one = one.getParent()) {
            one.getRoleMappingsStream().forEach(roles::add);
        }
    }

    private Stream<String> ids(String query, String userId) {
        return entities.createQuery(query, String.class).setParameter("user", userId).getResultList().stream();
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
                RoleUtils.getDeepUserRoleMappings(user));
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
            Collection<RoleModel> roles) {
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
                .with(
                        "roles",
                        roles.stream()
                                .filter(RoleUtils::isRealmRole)
                                .map(RoleModel::getName)
                                .sorted()
                                .collect(Collectors.toList()))
                .with("enabled", enabled)
                .with("created_at", createdAt == null ? null : CloudEvents.time(createdAt))
                .with("attributes", allowed.isEmpty() ? null : allowed)
                .toMap();
    }
}
