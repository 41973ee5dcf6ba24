package io.perch.keycloak.headless;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a flow answers in place of a page. */
public sealed interface FlowAnswer {

    /**
     * The flow waits for a step.
     *
     * @param type the step's type, such as {@code password}
     * @param fields the members that the step takes
     * @param details what the client has to show, by names of JSON members
     * @param alternatives types of other steps that may be taken in place of this one
     * @param failed whether the last step has failed, and this is the flow's answer to that
     * @param authSession the value for the next request
     */
    record Challenge(
            String type,
            List<String> fields,
            Map<String, Object> details,
            List<String> alternatives,
            boolean failed,
            String authSession)
            implements FlowAnswer {

        /** Copies what can change. */
        public Challenge {
            fields = List.copyOf(fields);
            details = Map.copyOf(details);
            alternatives = List.copyOf(alternatives);
        }
    }

    /**
     * The user is signed in.
     *
     * @param code the authorization code (RFC 6749, 4.1.2)
     */
    record Done(String code) implements FlowAnswer {}

    /** The user has a new password. Nobody is signed in, and all sessions of the user have ended. */
    record PasswordChanged() implements FlowAnswer {}

    /**
     * The flow does not go on.
     *
     * @param reason why
     * @param description for the client's developer; null where the reason says it all
     */
    record Refused(Refusal reason, @Nullable String description) implements FlowAnswer {

        static Refused of(Refusal reason) {
            return new Refused(reason, null);
        }
    }

    /**
     * The step was not taken, and the value was not used: there were too many that can show who has an account.
     *
     * @param retryAfterSeconds seconds until the next can be taken
     */
    record TooMany(int retryAfterSeconds) implements FlowAnswer {}

    /**
     * The flow needs a browser. It has ended here.
     *
     * @param requiredActions aliases of the required actions that are left; empty where they are not the reason
     * @param request parameters of the authorization request that the browser can start with
     */
    record Web(List<String> requiredActions, Map<String, String> request) implements FlowAnswer {

        /** Copies what can change. */
        public Web {
            requiredActions = List.copyOf(requiredActions);
            request = Map.copyOf(request);
        }
    }

    /** Why a flow does not go on. */
    enum Refusal {
        /** The value is unknown, expired, used, or belongs to another client, key or kind. */
        INVALID_SESSION,
        /** The realm's flow refuses the sign-in. */
        ACCESS_DENIED,
        /** The realm has switched off what was asked for. */
        SWITCHED_OFF,
        /** The request lacks what the step takes. The flow still waits: the value was not used. */
        INCOMPLETE,
        /** Another extension has taken the place of the pages, or none is there. */
        UNAVAILABLE
    }
}
