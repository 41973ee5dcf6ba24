package io.perch.keycloak.legacy;

import io.perch.keycloak.bcrypt.BcryptHash;
import io.perch.keycloak.bcrypt.BcryptPasswordHashProviderFactory;
import io.perch.keycloak.request.AnswerTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.keycloak.credential.hash.PasswordHashProvider;
import org.keycloak.events.Errors;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventType;
import org.keycloak.events.admin.AdminEvent;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.PasswordPolicy;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.credential.PasswordCredentialModel;
import org.keycloak.storage.UserStorageProvider;
import org.keycloak.storage.UserStorageProviderModel;

/**
 * Makes every refusal take the same time in realms with a federation to an old database. Without this class the time would show
 * whether a name belongs to an imported user, to a user who is not imported yet, or to nobody.
 *
 * <p>Every failed sign-in computes one hash of the realm's password policy and one with the most expensive old cost. Keycloak itself
 * computes one of the two. Lookups in the old database and imports also take time. So a failed sign-in and a wrong e-mail code are
 * answered at a fixed time after the request has begun: the usual time of the hashes plus {@link Settings#refusalTime}. If the
 * lookups take longer than that, the time shows it.
 *
 * <p>It is an event listener for two reasons. Every way to sign in creates its listeners before it looks for the user, so the
 * creation of the first one is the start of the request. And it writes the event of a failure before it answers.
 */
final class RefusalTimeEqualizer implements EventListenerProvider {

    private static final String LOCKED = Errors.USER_TEMPORARILY_DISABLED;
    private static final Set<String> REFUSED_SIGN_INS = Set.of(
            LOCKED, Errors.INVALID_USER_CREDENTIALS, Errors.USER_NOT_FOUND, Errors.USER_DISABLED, Errors.INVALID_USER);
    private static final Set<String> REFUSED_CODES = Set.of(LOCKED, Errors.INVALID_CODE);
    private static final Set<EventType> EVENTS_OF_CODES =
            Set.of(EventType.VERIFY_EMAIL_ERROR, EventType.RESET_PASSWORD_ERROR);

    private static final String DUMMY_PASSWORD = "a password of usual length";

    /** A salt and a hash that match no password. */
    private static final String UNMATCHABLE = "abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo.";

    private final KeycloakSession session;
    private final HashTimes times;
    private final AnswerTime answerTime;
    private final Consumer<RefusalTimeEqualizer> atClose;
    private volatile boolean open = true;

    /**
     * A listener of a session.
     *
     * @param answerTime counted from the start of the request
     * @param atClose called when the session is closed
     */
    RefusalTimeEqualizer(
            KeycloakSession session, HashTimes times, AnswerTime answerTime, Consumer<RefusalTimeEqualizer> atClose) {
        this.session = session;
        this.times = times;
        this.answerTime = answerTime;
        this.atClose = atClose;
    }

    AnswerTime answerTime() {
        return answerTime;
    }

    boolean isOpen() {
        return open;
    }

    @Override
    public void onEvent(Event event) {
        String error = event.getError();
        if (error == null) {
            return;
        }
        boolean signIn = event.getType() == EventType.LOGIN_ERROR && REFUSED_SIGN_INS.contains(error);
        boolean code = EVENTS_OF_CODES.contains(event.getType()) && REFUSED_CODES.contains(error);
        if (!signIn && !code) {
            return;
        }
        RealmModel realm = session.realms().getRealm(event.getRealmId());
        List<Settings> federations = federations(realm);
        if (federations.isEmpty()) {
            return;
        }
        long hashes = 0;
        if (signIn) {
            int cost = federations.stream().mapToInt(Settings::cost).max().orElseThrow();
            // Keycloak does not check the password of a locked user
            @Nullable String user = LOCKED.equals(error) ? null : event.getUserId();
            computeOtherHashes(realm, user, cost);
            hashes = timeOfHashes(realm, cost);
        }
        answerTime.await(
                federations.stream().mapToInt(Settings::refusalTime).max().orElseThrow(), hashes);
    }

    private void computeOtherHashes(RealmModel realm, @Nullable String user, int maxCost) {
        Optional<BcryptHash> computed = computed(realm, user);
        if (computed.isEmpty()) {
            times.compute(nameOf(maxCost), () -> bcrypt(maxCost));
            return;
        }
        PasswordPolicy policy = realm.getPasswordPolicy();
        times.compute(nameOf(policy), () -> policyHash(policy));
        // Each cost takes twice the time of the previous one. So these hashes and the computed one together take the
        // time of the highest
        for (int cost = computed.get().cost(); cost < maxCost; cost++) {
            bcrypt(cost);
        }
    }

    private long timeOfHashes(RealmModel realm, int maxCost) {
        PasswordPolicy policy = realm.getPasswordPolicy();
        return times.of(nameOf(policy), () -> policyHash(policy)) + times.of(nameOf(maxCost), () -> bcrypt(maxCost));
    }

    private static String nameOf(PasswordPolicy policy) {
        return policy.getHashAlgorithm() + " " + policy.getHashIterations();
    }

    private static String nameOf(int cost) {
        return "bcrypt, cost " + cost;
    }

    // As Keycloak does it for an unknown user
    private void policyHash(PasswordPolicy policy) {
        @Nullable String algorithm = policy.getHashAlgorithm();
        PasswordHashProvider provider = algorithm == null
                ? session.getProvider(PasswordHashProvider.class)
                : session.getProvider(PasswordHashProvider.class, algorithm);
        provider.encodedCredential(DUMMY_PASSWORD, policy.getHashIterations());
    }

    private void bcrypt(int cost) {
        session.getProvider(PasswordHashProvider.class, BcryptPasswordHashProviderFactory.PROVIDER_ID)
                .verify(
                        DUMMY_PASSWORD,
                        BcryptPasswordHashProviderFactory.credential(
                                String.format(Locale.ROOT, "$2b$%02d$%s", cost, UNMATCHABLE)));
    }

    private static List<Settings> federations(RealmModel realm) {
        return realm.getStorageProviders(UserStorageProvider.class)
                .filter(component -> component.getProviderId().equals(LegacyUsersFactory.PROVIDER_ID))
                .filter(component -> new UserStorageProviderModel(component).isEnabled())
                .map(Settings::of)
                .toList();
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
    public void close() {
        open = false;
        atClose.accept(this);
    }
}
