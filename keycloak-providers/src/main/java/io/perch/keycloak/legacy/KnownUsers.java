package io.perch.keycloak.legacy;

import io.perch.keycloak.bcrypt.BcryptPasswordHashProviderFactory;
import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;

/**
 * The users that Keycloak already has for some rows. It reads them with one query for all rows, because one query for each row is
 * slow.
 */
final class KnownUsers {

    private final EntityManager entities;
    private final String realmId;
    private final boolean duplicateAddresses;
    private final Map<String, Person> byId = new HashMap<>();
    private final Set<String> deleted;
    private final Set<String> names;
    private final Set<String> addresses;
    private final Map<String, String> oldHashes = new HashMap<>();

    KnownUsers(KeycloakSession session, RealmModel realm, String componentId, List<LegacyUser> rows) {
        this.entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
        this.realmId = realm.getId();
        this.duplicateAddresses = realm.isDuplicateEmailsAllowed();
        List<String> ids =
                rows.stream().map(row -> row.id(componentId)).distinct().toList();
        findPersons(ids);
        this.deleted = new DeletedUsers(session).of(ids);
        this.names = found("username", rows.stream().flatMap(row -> row.login().stream()));
        this.addresses = duplicateAddresses
                ? new HashSet<>()
                : found("email", rows.stream().flatMap(row -> row.address().stream()));
        findOldHashes();
    }

    private Set<String> found(String attribute, Stream<String> values) {
        Collection<String> candidates = values.distinct().toList();
        if (candidates.isEmpty()) {
            return new HashSet<>();
        }
        return new HashSet<>(entities.createQuery(
                        "select u." + attribute + " from UserEntity u where u.realmId = :realm and u." + attribute
                                + " in :values",
                        String.class)
                .setParameter("realm", realmId)
                .setParameter("values", candidates)
                .getResultList());
    }

    /** The names of the user with an id. */
    private record Person(String username, @Nullable String email) {}

    private void findPersons(List<String> ids) {
        entities.createQuery(
                        "select u.id, u.username, u.email from UserEntity u where u.realmId = :realm and u.id in :ids",
                        Object[].class)
                .setParameter("realm", realmId)
                .setParameter("ids", ids)
                .getResultStream()
                .forEach(user -> byId.put((String) user[0], new Person((String) user[1], (String) user[2])));
    }

    private void findOldHashes() {
        if (byId.isEmpty()) {
            return;
        }
        String algorithm = "\"" + BcryptPasswordHashProviderFactory.PROVIDER_ID + "\"";
        entities.createQuery(
                        "select c.user.id, c.credentialData, c.secretData from CredentialEntity c"
                                + " where c.type = :type and c.user.id in :ids",
                        Object[].class)
                .setParameter("type", PasswordCredentialModel.TYPE)
                .setParameter("ids", byId.keySet())
                .getResultStream()
                .filter(credential -> ((String) credential[1]).contains(algorithm))
                .forEach(credential -> oldHashes.put((String) credential[0], (String) credential[2]));
    }

    /** Adds the name and address of a row that was imported. */
    void add(LegacyUser row) {
        row.login().ifPresent(names::add);
        if (!duplicateAddresses) {
            row.address().ifPresent(addresses::add);
        }
    }

    boolean hasId(String id) {
        return byId.containsKey(id);
    }

    /** Whether the user was deleted in Keycloak. */
    boolean isDeleted(String id) {
        return deleted.contains(id);
    }

    /** Whether the user with an id is the person of the row. Old databases may use the key of a deleted row again. */
    boolean isSamePerson(String id, LegacyUser row) {
        Person known = byId.get(id);
        return known != null
                && (row.login().equals(Optional.of(known.username()))
                        || (known.email() != null && row.address().equals(Optional.of(known.email()))));
    }

    boolean hasName(String name) {
        return names.contains(name);
    }

    boolean hasAddress(String address) {
        return addresses.contains(address);
    }

    /** Whether the user still has a hash from the old database, and it differs from this one. */
    boolean hasOtherHash(String id, String hash) {
        String known = oldHashes.get(id);
        return known != null && !known.contains("\"" + hash + "\"");
    }
}
