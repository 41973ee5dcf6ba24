package io.perch.keycloak.headless;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A step that works without a browser.
 *
 * @param type what the client is asked for
 * @param fields the members that the step can take
 * @param details what the client has to show beside them
 * @param form what the members are in Keycloak's form; empty where they are not complete
 * @param condition which of the members the page asks for
 * @param lookUp whether the answer to a form can show who has an account
 * @param proof whether somebody who has passed it has more than a user's name
 * @param foreign whether another extension describes it
 */
record Step(
        String type,
        List<String> fields,
        Details details,
        Form form,
        Condition condition,
        LookUp lookUp,
        boolean proof,
        boolean foreign) {

    /** A step whose page always asks for all members. */
    Step(String type, List<String> fields, Details details, Form form) {
        this(type, fields, details, form, (context, field) -> true);
    }

    /** A step that is a proof, and shows to nobody who has an account. */
    Step(String type, List<String> fields, Details details, Form form, Condition condition) {
        this(type, fields, details, form, condition, entered -> false, true, false);
    }

    /** The same step, whose answer can show who has an account. */
    Step with(LookUp other) {
        return new Step(type, fields, details, form, condition, other, proof, foreign);
    }

    /** The same step, which needs no more than a user's name. */
    Step withoutProof() {
        return new Step(type, fields, details, form, condition, lookUp, false, foreign);
    }

    /** The members that this page asks for. */
    List<String> fields(StepContext context) {
        return fields.stream()
                .filter(field -> condition.asksFor(context, field))
                .toList();
    }

    /**
     * Whether the answer to this form can show who has an account: in a flow that begins with the name, the next step;
     * in a profile, the errors. A step that takes a password beside the name answers the same for everybody.
     *
     * @param entered the form for Keycloak's page
     */
    boolean looksUp(MultivaluedMap<String, String> entered) {
        return lookUp.isBy(entered);
    }

    /** What the client has to show. */
    interface Details {

        /** JSON members by their names. */
        Map<String, Object> of(StepContext context);
    }

    /** Whether a page asks for a member. */
    interface Condition {

        /** Whether it does. */
        boolean asksFor(StepContext context, String field);
    }

    /** How Keycloak's form wants it. */
    interface Form {

        /** The form's parameters; empty where the entry is not complete. */
        Optional<MultivaluedMap<String, String>> of(StepContext context, Entry entry);
    }

    /** Whether a step can show who has an account. */
    interface LookUp {

        /** Whether the answer to this form can. */
        boolean isBy(MultivaluedMap<String, String> form);
    }
}
