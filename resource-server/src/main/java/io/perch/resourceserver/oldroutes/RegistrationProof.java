package io.perch.resourceserver.oldroutes;

import io.perch.resourceserver.oldroutes.OldRoute.Proof;
import io.perch.resourceserver.oldroutes.OldRoutesProperties.UnprovenVerification;
import io.perch.resourceserver.security.HostCookie;
import io.perch.resourceserver.security.TokenCookie;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The proof that whoever enters the code has registered too. A code proves the mailbox alone: an account that a stranger registered
 * under somebody's address must not become theirs by the owner's code. Old clients know nothing of that, so a cookie carries it from
 * the registration to the verification.
 */
final class RegistrationProof {

    private static final String TOKEN = "registration_token";
    private static final List<String> OTHER_PROOFS = List.of("password", "new_password");

    /** Longer than any code is good, for a new one may be asked for. Keycloak knows how long the token counts. */
    private static final Duration KEPT = Duration.ofDays(1);

    private final HostCookie cookie;
    private final UnprovenVerification unproven;

    RegistrationProof(TokenCookie tokenCookie, UnprovenVerification unproven) {
        this.cookie = tokenCookie.forSecret(TOKEN);
        this.unproven = unproven;
    }

    /**
     * Adds the proof to a call that asks for it.
     *
     * @throws ProblemException if there is none, and such a verification is to be refused
     */
    void addTo(ObjectNode call, OldRoute route, HttpServletRequest request) {
        if (route.proof() != Proof.ASKED) {
            return;
        }
        Optional<String> token = cookie.in(request);
        if (token.isPresent()) {
            call.put(TOKEN, token.get());
        } else if (unproven == UnprovenVerification.REFUSE
                && OTHER_PROOFS.stream().noneMatch(call::has)) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN,
                    "Enter the code where you registered, send the password with it, or choose a new password");
        }
    }

    /** The {@code Set-Cookie} for an answer; empty where the cookie stays as it is. */
    Optional<String> cookieFor(OldRoute route, JsonNode answer, HttpServletRequest request) {
        return switch (route.proof()) {
            case UNTOUCHED -> Optional.empty();
            case GIVEN ->
                answer.path(TOKEN).isString()
                        ? Optional.of(cookie.of(request, answer.path(TOKEN).asString(), KEPT))
                        : Optional.empty();
            case ASKED -> cookie.in(request).isPresent() ? Optional.of(cookie.deletion(request)) : Optional.empty();
        };
    }

    /** Takes what is in the cookie out of what the client is shown. */
    static void hide(OldRoute route, ObjectNode shown) {
        if (route.proof() == Proof.GIVEN) {
            shown.remove(TOKEN);
        }
    }
}
