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
 * The proof that the person who enters the code also registered. A code proves only access to the mailbox. A stranger could
 * register with another person's address, and must not get a verified account when the owner enters the code. Old clients do not
 * send a proof, so a cookie stores the registration token until the verification.
 */
final class RegistrationProof {

    private static final String TOKEN = "registration_token";
    private static final List<String> OTHER_PROOFS = List.of("password", "new_password");

    /** Longer than any code is valid, because a new code can be requested. Keycloak decides how long the token is valid. */
    private static final Duration COOKIE_LIFE = Duration.ofDays(1);

    private final HostCookie cookie;
    private final UnprovenVerification unproven;

    RegistrationProof(TokenCookie tokenCookie, UnprovenVerification unproven) {
        this.cookie = tokenCookie.forSecret(TOKEN);
        this.unproven = unproven;
    }

    /**
     * Adds the proof to a call that needs one.
     *
     * @throws ProblemException if there is none and such verifications are refused
     */
    void addTo(ObjectNode call, OldRoute route, HttpServletRequest request) {
        if (route.proof() != Proof.SEND) {
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

    /** A {@code Set-Cookie} value for the response; empty if the cookie does not change. */
    Optional<String> cookieFor(OldRoute route, JsonNode answer, HttpServletRequest request) {
        return switch (route.proof()) {
            case NONE -> Optional.empty();
            case STORE ->
                answer.path(TOKEN).isString()
                        ? Optional.of(cookie.of(request, answer.path(TOKEN).asString(), COOKIE_LIFE))
                        : Optional.empty();
            case SEND -> cookie.in(request).isPresent() ? Optional.of(cookie.deletion(request)) : Optional.empty();
        };
    }

    /** Removes the registration token from the response body if it is stored in the cookie. */
    static void hide(OldRoute route, ObjectNode shown) {
        if (route.proof() == Proof.STORE) {
            shown.remove(TOKEN);
        }
    }
}
