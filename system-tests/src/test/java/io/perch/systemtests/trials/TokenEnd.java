package io.perch.systemtests.trials;

import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One way in which Keycloak stops accepting an access token.
 *
 * @param signIn signs a user in
 * @param end makes the session's access token void
 * @param restore makes the realm usable again, so that the next user can sign in
 * @param repeatable false if the realm does not exist afterwards
 * @param refusedByUserinfo whether Keycloak's own {@code userinfo} also refuses the token
 */
record TokenEnd(
        String name,
        Supplier<SignedIn> signIn,
        Consumer<SignedIn> end,
        Runnable restore,
        boolean repeatable,
        boolean refusedByUserinfo) {

    static TokenEnd of(String name, Supplier<SignedIn> signIn, Consumer<SignedIn> end) {
        return new TokenEnd(name, signIn, end, () -> {}, true, true);
    }

    TokenEnd restoredBy(Runnable change) {
        return new TokenEnd(name, signIn, end, change, repeatable, refusedByUserinfo);
    }

    TokenEnd acceptedByUserinfo() {
        return new TokenEnd(name, signIn, end, restore, repeatable, false);
    }

    TokenEnd once() {
        return new TokenEnd(name, signIn, end, restore, false, refusedByUserinfo);
    }
}
