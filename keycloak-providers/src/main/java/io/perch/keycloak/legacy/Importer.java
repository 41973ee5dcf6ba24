package io.perch.keycloak.legacy;

import io.perch.keycloak.bcrypt.BcryptHash;
import io.perch.keycloak.bcrypt.BcryptPasswordHashProviderFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.RoleModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserProvider;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.storage.UserStoragePrivateUtil;
import org.keycloak.userprofile.UserProfileContext;
import org.keycloak.userprofile.UserProfileProvider;
import org.keycloak.userprofile.ValidationException;
import org.keycloak.validate.ValidationContext;
import org.keycloak.validate.Validator;
import org.keycloak.validate.ValidatorConfig;
import org.keycloak.validate.validators.EmailValidator;

/** Imports rows as users of Keycloak, in the session's transaction. It overwrites no other user. */
final class Importer {

    /** The result for a row. */
    enum Outcome {
        ADDED,
        /** The user has not signed in to Keycloak yet, and the row has a new password. */
        UPDATED,
        KNOWN,
        /** The user was deleted in Keycloak and is not imported again. */
        DELETED,
        /** The name or address belongs to another user, or the name cannot be used. The log has the row's key. */
        REFUSED
    }

    private static final Logger LOG = Logger.getLogger(Importer.class);
    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");

    /** The length of Keycloak's columns. */
    private static final int MAX_LENGTH = 255;

    private final KeycloakSession session;
    private final RealmModel realm;
    private final UserProvider users;
    private final String componentId;
    private final Settings settings;

    Importer(KeycloakSession session, RealmModel realm, String componentId, Settings settings) {
        this.session = session;
        this.realm = realm;
        this.users = UserStoragePrivateUtil.userLocalStorage(session);
        this.componentId = componentId;
        this.settings = settings;
    }

    /** Imports rows. Returns the result for each row, in the same order. */
    List<Outcome> importAll(List<LegacyUser> rows) {
        KnownUsers known = new KnownUsers(session, realm, componentId, rows);
        return rows.stream().map(row -> importRow(row, known)).toList();
    }

    private Outcome importRow(LegacyUser row, KnownUsers known) {
        if (known.hasId(row.id(componentId))) {
            return update(row, known);
        }
        if (known.isDeleted(row.id(componentId))) {
            return Outcome.DELETED;
        }
        Optional<String> conflict = conflict(row, known);
        conflict.ifPresent(reason -> report(componentId, row, reason));
        if (conflict.isPresent()) {
            return Outcome.REFUSED;
        }
        add(row);
        known.add(row);
        return Outcome.ADDED;
    }

    /** Logs a row that is not imported; {@code reason} is a word. */
    static void report(String componentId, LegacyUser row, String reason) {
        LOG.warnf("legacy_conflict component=%s row=%s reason=%s", componentId, row.row(), reason);
    }

    private Optional<String> conflict(LegacyUser row, KnownUsers known) {
        Optional<String> login = row.login();
        if (login.isEmpty()) {
            return Optional.of("no_username");
        }
        if (login.get().length() > MAX_LENGTH) {
            return Optional.of("username_too_long");
        }
        if (known.hasName(login.get())) {
            return Optional.of("username_taken");
        }
        return row.address().filter(known::hasAddress).map(taken -> "email_taken");
    }

    private void add(LegacyUser row) {
        UserModel user = users.addUser(realm, row.id(componentId), row.login().orElseThrow(), true, true);
        user.setEnabled(row.active());
        Optional<String> address = row.address().filter(email -> isAddress(email, row));
        user.setEmail(address.orElse(null));
        user.setEmailVerified(row.verified() && address.isPresent());
        addNames(user, row);
        if (row.createdAt() != null) {
            user.setCreatedTimestamp(row.createdAt().toEpochMilli());
        }
        addPhone(user, row);
        roles(row).forEach(user::grantRole);
        addPassword(user, row);
    }

    // Names that the user profile refuses are left out. With them Keycloak would require a correction before the
    // sign-in
    private void addNames(UserModel user, LegacyUser row) {
        Map<String, String> names = new HashMap<>();
        putUnlessNull(names, UserModel.FIRST_NAME, row.firstName());
        putUnlessNull(names, UserModel.LAST_NAME, row.lastName());
        if (names.isEmpty()) {
            return;
        }
        Set<String> refused = refused(names);
        names.forEach((name, value) -> {
            if (refused.contains(name)) {
                LOG.infof("legacy_name_left_out row=%s attribute=%s", row.row(), name);
            } else {
                user.setSingleAttribute(name, value);
            }
        });
    }

    private static void putUnlessNull(Map<String, String> names, String name, @Nullable String value) {
        if (value != null) {
            names.put(name, value);
        }
    }

    private Set<String> refused(Map<String, String> attributes) {
        try {
            session.getProvider(UserProfileProvider.class)
                    .create(UserProfileContext.USER_API, attributes)
                    .validate();
            return Set.of();
        } catch (ValidationException e) {
            return e.getErrors().stream()
                    .map(ValidationException.Error::getAttribute)
                    .collect(Collectors.toSet());
        }
    }

    private boolean isAddress(String email, LegacyUser row) {
        boolean isValid = email.length() <= MAX_LENGTH
                && session.getProvider(Validator.class, EmailValidator.ID)
                        .validate(email, UserModel.EMAIL, new ValidationContext(session), ValidatorConfig.EMPTY)
                        .isValid();
        if (!isValid) {
            LOG.infof("legacy_email_left_out row=%s", row.row());
        }
        return isValid;
    }

    // A number that the user profile refuses is left out. With it Keycloak would require a correction before the
    // sign-in
    private static void addPhone(UserModel user, LegacyUser row) {
        String phone = row.phone();
        if (phone == null) {
            return;
        }
        if (E164.matcher(phone).matches()) {
            user.setSingleAttribute("phone_number", phone);
        } else {
            LOG.infof("legacy_phone_left_out row=%s", row.row());
        }
    }

    private Stream<RoleModel> roles(LegacyUser row) {
        String role = row.role();
        @Nullable String mapped = role == null ? null : settings.roles().get(role);
        if (role != null && mapped == null) {
            LOG.infof("legacy_role_unmapped row=%s", row.row());
        }
        return Stream.of(
                        Optional.ofNullable(mapped),
                        Optional.ofNullable(row.superuser() ? settings.superuserRole() : null))
                .flatMap(Optional::stream)
                .distinct()
                .flatMap(name -> role(name, row));
    }

    private Stream<RoleModel> role(String name, LegacyUser row) {
        RoleModel role = realm.getRole(name);
        if (role == null) {
            LOG.warnf("legacy_role_missing row=%s role=%s", row.row(), name);
        }
        return Stream.ofNullable(role);
    }

    private static void addPassword(UserModel user, LegacyUser row) {
        Optional.ofNullable(row.hash())
                .flatMap(OldHash::credential)
                .ifPresentOrElse(
                        password -> user.credentialManager().createStoredCredential(password),
                        () -> LOG.warnf("legacy_hash_unreadable row=%s", row.row()));
    }

    // If the user has changed the password in the old service after the import, and has not signed in to Keycloak, the
    // new one is imported
    private Outcome update(LegacyUser row, KnownUsers known) {
        String hash = row.hash();
        String id = row.id(componentId);
        if (hash == null || BcryptHash.parse(hash).isEmpty() || !known.hasOtherHash(id, hash)) {
            return Outcome.KNOWN;
        }
        if (!known.isSamePerson(id, row)) {
            report(componentId, row, "key_of_another");
            return Outcome.REFUSED;
        }
        UserModel user = users.getUserById(realm, id);
        if (user == null) {
            return Outcome.KNOWN;
        }
        Optional<PasswordCredentialModel> stored = user.credentialManager()
                .getStoredCredentialsByTypeStream(PasswordCredentialModel.TYPE)
                .map(PasswordCredentialModel::createFromCredentialModel)
                .filter(password -> password.getPasswordCredentialData()
                        .getAlgorithm()
                        .equals(BcryptPasswordHashProviderFactory.PROVIDER_ID))
                .findFirst();
        stored.ifPresent(password -> {
            PasswordCredentialModel changed = BcryptPasswordHashProviderFactory.credential(hash);
            changed.setId(password.getId());
            changed.setCreatedDate(password.getCreatedDate());
            user.credentialManager().updateStoredCredential(changed);
        });
        return stored.isPresent() ? Outcome.UPDATED : Outcome.KNOWN;
    }
}
