package io.perch.keycloak.firstparty;

import io.perch.keycloak.headless.FlowKind;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;

/**
 * The parameter {@code prompt} (OpenID Connect Core, 3.1.2.1), which says what the user is asked for in place of a sign-in: with {@code create} to
 * register (Initiating User Registration via OpenID Connect 1.0), and with {@code reset_password}, which no specification has, to choose a new
 * password.
 */
final class Prompt {

    private static final String RESET_PASSWORD = "reset_password";
    private static final String LOGIN_REQUIRED = "login_required";

    private Prompt() {}

    /**
     * The kind of flow that a request asks for; empty where it has no {@code prompt}.
     *
     * @throws Refusal where it has {@code none}, or two values that exclude each other
     */
    static Optional<FlowKind> kind(ChallengeForm form) {
        return form.get(OIDCLoginProtocol.PROMPT_PARAM)
                .map(prompt -> Set.copyOf(List.of(prompt.strip().split(" +", -1))))
                .map(Prompt::kind);
    }

    private static FlowKind kind(Set<String> values) {
        if (values.contains(OIDCLoginProtocol.PROMPT_VALUE_NONE)) {
            throw Refusal.of(LOGIN_REQUIRED, "Nobody is signed in here");
        }
        boolean create = values.contains(OIDCLoginProtocol.PROMPT_VALUE_CREATE);
        boolean reset = values.contains(RESET_PASSWORD);
        if ((create || reset) && values.size() > 1) {
            throw Refusal.invalidRequest("prompt has values that exclude each other");
        }
        return create ? FlowKind.REGISTRATION : reset ? FlowKind.PASSWORD_RESET : FlowKind.SIGN_IN;
    }
}
