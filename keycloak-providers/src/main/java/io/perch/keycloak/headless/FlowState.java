package io.perch.keycloak.headless;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of a flow after one request. */
sealed interface FlowState {

    /**
     * A step is next.
     *
     * @param step the step
     * @param failed whether the page says that something is wrong
     * @param again whether it is the step that this request has taken
     */
    record Waits(Step step, boolean failed, boolean again) implements FlowState {

        Waits(Step step, boolean failed) {
            this(step, failed, false);
        }

        /**
         * Whether the flow counts this as a failure. The page of another extension need not say that something is wrong, so there the same
         * step again is enough.
         */
        boolean countsAsFailure() {
            return failed || (again && step.foreign());
        }
    }

    /**
     * The user is signed in.
     *
     * @param code the authorization code
     */
    record Finished(String code) implements FlowState {}

    /** The user has a new password, and is not signed in. */
    record PasswordChanged() implements FlowState {}

    /** The sign-in has to begin again: what it was waiting for was done elsewhere. */
    record Superseded() implements FlowState {}

    /**
     * The flow refuses.
     *
     * @param afterCredential whether the user had proved something before; only then the client may learn it
     */
    record Denied(boolean afterCredential) implements FlowState {}

    /**
     * Something needs a browser.
     *
     * @param requiredActions aliases of those that are left; empty where they are not the reason
     */
    record NeedsBrowser(List<String> requiredActions) implements FlowState {

        static NeedsBrowser now() {
            return new NeedsBrowser(List.of());
        }
    }

    /** The step that the flow waits for; null where it does not wait. */
    default @Nullable Waits waits() {
        return this instanceof Waits waits ? waits : null;
    }
}
