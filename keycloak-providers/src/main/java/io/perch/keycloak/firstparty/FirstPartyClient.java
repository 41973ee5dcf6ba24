package io.perch.keycloak.firstparty;

import java.util.Optional;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.ClientModel;

/**
 * Which clients are first-party (draft, section 5): those that an administrator says are, by an attribute.
 *
 * <p>A client that registered itself is not, whatever its attributes say: who has its registration token can change them. Nor is one that
 * needs its users' consent, since that is what third parties need.
 */
final class FirstPartyClient {

    /** The client's attribute. The client is first-party if the value is exactly {@code true}. */
    static final String ATTRIBUTE = "perch.first-party";

    private static final String TRUE = "true";

    private FirstPartyClient() {}

    /**
     * Checks that the client may use the endpoint.
     *
     * @throws Refusal where it may not
     */
    static void check(ClientModel client) {
        Optional<String> objection = objection(client);
        if (objection.isPresent()) {
            throw Refusal.of(OAuthErrorException.UNAUTHORIZED_CLIENT, objection.get());
        }
    }

    /**
     * Whether an administrator has said that the client is first-party. It may still be refused by {@link #check}. The value is compared
     * as Keycloak's condition {@code client-attributes} does, so that a client policy can select the same clients.
     */
    static boolean isMarked(ClientModel client) {
        return TRUE.equals(client.getAttribute(ATTRIBUTE));
    }

    private static Optional<String> objection(ClientModel client) {
        if (!isMarked(client)) {
            return Optional.of("The client is not first-party");
        }
        if (client.getRegistrationToken() != null) {
            return Optional.of("The client can change its own registration, so it cannot be first-party");
        }
        if (client.isConsentRequired()) {
            return Optional.of("The client needs its users' consent, so it cannot be first-party");
        }
        if (!client.isStandardFlowEnabled()) {
            return Optional.of("The client is not enabled for authorization codes");
        }
        return Optional.empty();
    }
}
