package io.perch.keycloak.headless;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.keycloak.OAuthErrorException;
import org.keycloak.authentication.authenticators.util.AcrStore;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.utils.AcrUtils;
import org.keycloak.sessions.AuthenticationSessionModel;
import org.keycloak.utils.StringUtil;

/**
 * Levels of authentication (OpenID Connect Core, {@code acr}): what a request and its client demand, and whether a sign-in has it. The one
 * class that knows Keycloak's {@link AcrUtils} and {@link AcrStore}.
 */
public final class AcrAdapter {

    /** The level of a sign-in whose flow has no condition for a level. Its tokens have it as {@code acr}. */
    public static final int WITHOUT_CONDITIONS = 1;

    private AcrAdapter() {}

    /**
     * Notes the level that is demanded, for the conditions in the flow.
     *
     * @throws AuthorizationRequestException where an essential level is below the client's minimum, or is none
     */
    static void request(AuthenticationSessionModel login, @Nullable String claims, @Nullable String acrValues)
            throws AuthorizationRequestException {
        List<String> essential = AcrUtils.getRequiredAcrValues(claims);
        if (!essential.isEmpty()) {
            if (!AcrUtils.enforceMinimumAcr(essential, login.getClient()).equals(essential)) {
                throw refuse("An essential acr value is below the client's minimum");
            }
            login.setClientNote(Constants.FORCE_LEVEL_OF_AUTHENTICATION, "true");
        }
        List<String> demanded =
                essential.isEmpty() ? AcrUtils.getAcrValues(claims, acrValues, login.getClient()) : essential;
        Map<String, Integer> levels = AcrUtils.getAcrLoaMap(login.getClient());
        Integer lowest = null;
        for (String acr : demanded) {
            OptionalInt level = level(acr, levels);
            if (level.isEmpty() && !essential.isEmpty()) {
                throw refuse("An essential acr value is unknown");
            }
            int known = level.orElse(Constants.MINIMUM_LOA);
            lowest = lowest == null ? known : Math.min(lowest, known);
        }
        if (lowest != null) {
            login.setClientNote(Constants.REQUESTED_LEVEL_OF_AUTHENTICATION, Integer.toString(lowest));
        }
    }

    /** Notes the level of the flow that a client policy has chosen, where one has. */
    static void flowIsComplete(KeycloakSession session, AuthenticationSessionModel login) {
        new AcrStore(session, login).setAuthFlowLevelAuthenticatedToCurrentRequest();
    }

    /**
     * Whether the sign-in has the level that the request calls essential, and the client's minimum. Keycloak's conditions see to that
     * where the flow has some. Without them it would sign the user in all the same.
     */
    static boolean isSatisfied(KeycloakSession session, AuthenticationSessionModel login) {
        AcrStore store = new AcrStore(session, login);
        int noted = store.getLevelOfAuthenticationFromCurrentAuthentication();
        int reached = noted == Constants.NO_LOA ? WITHOUT_CONDITIONS : noted;
        boolean essential = !store.isLevelOfAuthenticationForced()
                || reached >= level(login.getClientNote(Constants.REQUESTED_LEVEL_OF_AUTHENTICATION));
        return essential && hasMinimum(login.getClient(), reached);
    }

    /** Whether the client has a minimum ACR value. A realm has none. */
    public static boolean hasMinimum(ClientModel client) {
        return !StringUtil.isBlank(AcrUtils.getMinimumAcrValue(client));
    }

    /**
     * Whether a level is at least the client's minimum ACR value, or the client has none. No level reaches a value that is unknown.
     *
     * @param level as in Keycloak's map of ACR values to levels
     */
    public static boolean hasMinimum(ClientModel client, int level) {
        return !hasMinimum(client)
                || level(AcrUtils.getMinimumAcrValue(client), AcrUtils.getAcrLoaMap(client))
                                .orElse(Integer.MAX_VALUE)
                        <= level;
    }

    private static int level(@Nullable String note) {
        return note == null ? Constants.NO_LOA : Integer.parseInt(note);
    }

    private static OptionalInt level(String acr, Map<String, Integer> levels) {
        Integer level = levels.get(acr);
        if (level != null) {
            return OptionalInt.of(level);
        }
        try {
            return OptionalInt.of(Integer.parseInt(acr));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private static AuthorizationRequestException refuse(String description) {
        return new AuthorizationRequestException(OAuthErrorException.INVALID_REQUEST, description);
    }
}
