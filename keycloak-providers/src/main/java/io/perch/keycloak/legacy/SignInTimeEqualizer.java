package io.perch.keycloak.legacy;

import io.perch.keycloak.bcrypt.BcryptHash;
import io.perch.keycloak.bcrypt.BcryptPasswordHashProviderFactory;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.events.Errors;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.storage.UserStorageProvider;
import org.keycloak.storage.UserStorageProviderModel;

/**
 * Makes every failed sign-in cost the same in realms with a federation to an old database: one hash with Keycloak's own algorithm
 * and one with the most expensive old one. Keycloak itself computes one of the two. Without this class the time would show whether
 * a name belongs to an imported user, to a user who is not imported yet, or to nobody. It is an event listener, because every way
 * to sign in writes the event of the failure before it answers.
 */
final class SignInTimeEqualizer implements EventListenerProvider {

    private static final String LOCKED = Errors.USER_TEMPORARILY_DISABLED;
    private static final Set<String> CHECKED =
            Set.of(Errors.INVALID_USER_CREDENTIALS, Errors.USER_NOT_FOUND, Errors.USER_DISABLED, Errors.INVALID_USER);

    /** A salt and a hash that match no password. */
    private static final String UNMATCHABLE = "abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.";

    private final KeycloakSession session;

    SignInTimeEqualizer(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public void onEvent(Event event) {
        String error = event.getError();
        if (event.getType() != EventType.LOGIN_ERROR
                || error == null
                || !(LOCKED.equals(error) || CHECKED.contains(error))) {
            return;
        }
        RealmModel realm = session.realms().getRealm(event.getRealmId());
        OptionalInt cost = cost(realm);
        if (cost.isPresent()) {
            // Keycloak does not check the password of a locked user
            @Nullable String user = LOCKED.equals(error) ? null : event.getUserId();
            spend(computed(realm, user), cost.getAsInt());
        }
    }

    private void spend(Optional<BcryptHash> computed, int maxCost) {
        if (computed.isEmpty()) {
            bcrypt(maxCost);
            return;
        }
        session.getProvider(PasswordHashProvider.class).encodedCredential("a password of usual length", -1);
        // Each cost takes twice the time of the previous one. So these hashes and the computed one together take the
        // time of the highest
        for (int cost = computed.get().cost(); cost < maxCost; cost++) {
            bcrypt(cost);
        }
    }

    private void bcrypt(int cost) {
        session.getProvider(PasswordHashProvider.class, BcryptPasswordHashProviderFactory.PROVIDER_ID)
                .verify(
                        "a password of usual length",
                        BcryptPasswordHashProviderFactory.credential(
                                String.format(Locale.ROOT, "$2b$%02d$%s", cost, UNMATCHABLE)));
    }

    private OptionalInt cost(RealmModel realm) {
        return realm.getStorageProviders(UserStorageProvider.class)
                .filter(component -> component.getProviderId().equals(LegacyUsersFactory.PROVIDER_ID))
                .filter(component -> new UserStorageProviderModel(component).isEnabled())
                .mapToInt(component -> Settings.of(component).cost())
                .max();
    }

    private Optional<BcryptHash> computed(RealmModel realm, @Nullable String userId) {
        UserModel user = userId == null ? null : session.users().getUserById(realm, userId);
        return Optional.ofNullable(user).stream()
                .flatMap(known ->
                        known.credentialManager().getStoredCredentialsByTypeStream(PasswordCredentialModel.TYPE))
                .map(PasswordCredentialModel::createFromCredentialModel)
                .filter(password -> password.getPasswordCredentialData()
                        .getAlgorithm()
                        .equals(BcryptPasswordHashProviderFactory.PROVIDER_ID))
                .flatMap(password ->
                        BcryptHash.parse(password.getPasswordSecretData().getValue()).stream())
                .findFirst();
    }

    @Override
    public void onEvent(AdminEvent event, boolean includeRepresentation) {}

    @Override
    public void close() {}
}
