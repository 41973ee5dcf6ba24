package io.perch.keycloak.legacy;

import io.perch.keycloak.bcrypt.BcryptPasswordHashProviderFactory;
import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.credential.PasswordCredentialModel;

/** Whom Keycloak has already of some rows: asked for all of them at once, since a question for each is what takes long. */
final class KnownUsers {

    private final EntityManager entities;
    private final String realmId;
    private final boolean duplicateAddresses;
    private final Set<String> ids;
    private final Set<String> names;
    private final Set<String> addresses;
    private final Map<String, String> oldHashes = new HashMap<>();

    KnownUsers(KeycloakSession session, RealmModel realm, String componentId, List<LegacyUser> rows) {
        this.entities = session.getProvider(JpaConnectionProvider.class).getEntityManager();
        this.realmId = realm.getId();
        this.duplicateAddresses = realm.isDuplicateEmailsAllowed();
        this.ids = found("id", rows.stream().map(row -> row.id(componentId)));
        this.names = found("username", rows.stream().flatMap(row -> row.login().stream()));
        this.addresses = duplicateAddresses
                ? new HashSet<>()
                : found("email", rows.stream().flatMap(row -> row.address().stream()));
        findOldHashes();
    }

    private Set<String> found(String attribute, Stream<String> values) {
        Collection<String> asked = values.distinct().toList();
        if (asked.isEmpty()) {
            return new HashSet<>();
        }
        return new HashSet<>(entities.createQuery(
                        "select u." + attribute + " from UserEntity u where u.realmId = :realm and u." + attribute
                                + " in :values",
                        String.class)
                .setParameter("realm", realmId)
                .setParameter("values", asked)
                .getResultList());
    }

    private void findOldHashes() {
        if (ids.isEmpty()) {
            return;
        }
        String algorithm = "\"" + BcryptPasswordHashProviderFactory.PROVIDER_ID + "\"";
        entities.createQuery(
                        "select c.user.id, c.credentialData, c.secretData from CredentialEntity c"
                                + " where c.type = :type and c.user.id in :ids",
                        Object[].class)
                .setParameter("type", PasswordCredentialModel.TYPE)
                .setParameter("ids", ids)
                .getResultStream()
                .filter(credential -> ((String) credential[1]).contains(algorithm))
                .forEach(credential -> oldHashes.put((String) credential[0], (String) credential[2]));
    }

    /** From here on its name and its address are known too. */
    void add(LegacyUser row) {
        row.login().ifPresent(names::add);
        if (!duplicateAddresses) {
            row.address().ifPresent(addresses::add);
        }
    }

    boolean hasId(String id) {
        return ids.contains(id);
    }

    boolean hasName(String name) {
        return names.contains(name);
    }

    boolean hasAddress(String address) {
        return addresses.contains(address);
    }

    /** Whether the user has an old hash still, and another one than this. */
    boolean hasOtherHash(String id, String hash) {
        String known = oldHashes.get(id);
        return known != null && !known.contains("\"" + hash + "\"");
    }
}
