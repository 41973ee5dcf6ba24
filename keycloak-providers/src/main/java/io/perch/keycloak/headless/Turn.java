package io.perch.keycloak.headless;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a flow has come to, before a client is told. */
sealed interface Turn {

    /**
     * A step is next.
     *
     * @param step the step
     * @param failed whether the page says that something is wrong
     */
    record Waits(Step step, boolean failed) implements Turn {}

    /**
     * The user is signed in.
     *
     * @param code the authorization code
     */
    record Finished(String code) implements Turn {}

    /**
     * The flow refuses.
     *
     * @param afterCredential whether the user had proved something before; only then may the user be told
     */
    record Denied(boolean afterCredential) implements Turn {}

    /**
     * Something needs a browser.
     *
     * @param requiredActions aliases of those that are left; empty where they are not the reason
     */
    record NeedsBrowser(List<String> requiredActions) implements Turn {

        static NeedsBrowser now() {
            return new NeedsBrowser(List.of());
        }
    }

    /** The step that the flow waits for; null where it does not wait. */
    default @Nullable Waits waits() {
        return this instanceof Waits waits ? waits : null;
    }
}
