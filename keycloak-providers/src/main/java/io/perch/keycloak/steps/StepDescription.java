package io.perch.keycloak.steps;

import java.util.List;
import java.util.Objects;

/**
 * What never changes in a step: for which authenticator or required action it is, and which names it uses. Objects are
 * immutable. Every {@code with} method returns a new one.
 *
 * <p>When Keycloak starts, these rules are checked. If a rule is broken, Keycloak does not start, and its log says
 * which one.
 *
 * <ul>
 *   <li>There is one description for an authenticator or required action, and Perch has no step of its own for it.
 *   <li>The type is not one of Perch's. Two descriptions with the same type have the same fields.
 *   <li>Types, fields and details match {@code [a-zA-Z][a-zA-Z0-9_]*}, with at most 64 characters. A prefix of the
 *       extension's own, such as {@code acme_}, avoids conflicts with later versions.
 *   <li>There is at least one field. No field is a parameter of OAuth 2.0 or OpenID Connect, or a field of Perch's own
 *       steps.
 *   <li>No detail is {@code type}, {@code fields}, {@code alternatives} or {@code errors}.
 *   <li>No parameter is one that Keycloak itself reads in every form, such as {@code tryAnotherWay} or {@code cancel}.
 * </ul>
 */
public final class StepDescription {

    /** What a step belongs to. */
    public enum Kind {
        /** A provider of Keycloak's SPI {@code authenticator}. */
        AUTHENTICATOR,
        /** A provider of Keycloak's SPI {@code required-action}. */
        REQUIRED_ACTION
    }

    private final Kind kind;
    private final String providerId;
    private final String type;
    private final List<String> fields;
    private final List<String> details;
    private final List<String> formParameters;
    private final boolean proof;
    private final boolean lookUp;

    private StepDescription(
            Kind kind,
            String providerId,
            String type,
            List<String> fields,
            List<String> details,
            List<String> formParameters,
            boolean proof,
            boolean lookUp) {
        this.kind = kind;
        this.providerId = Objects.requireNonNull(providerId, "providerId");
        this.type = Objects.requireNonNull(type, "type");
        this.fields = fields;
        this.details = details;
        this.formParameters = formParameters;
        this.proof = proof;
        this.lookUp = lookUp;
    }

    /**
     * The step of an authenticator.
     *
     * @param providerId the id of the authenticator's factory
     * @param type what the app gets as {@code challenge.type}
     */
    public static StepDescription ofAuthenticator(String providerId, String type) {
        return of(Kind.AUTHENTICATOR, providerId, type);
    }

    /**
     * The step of a required action.
     *
     * @param providerId the id of the required action's factory
     * @param type what the app gets as {@code challenge.type}
     */
    public static StepDescription ofRequiredAction(String providerId, String type) {
        return of(Kind.REQUIRED_ACTION, providerId, type);
    }

    private static StepDescription of(Kind kind, String providerId, String type) {
        return new StepDescription(kind, providerId, type, List.of(), List.of(), List.of(), false, true);
    }

    /** With these fields: parameters that the app can send. They replace those of before. */
    public StepDescription withFields(String... names) {
        return new StepDescription(kind, providerId, type, List.of(names), details, formParameters, proof, lookUp);
    }

    /** With these details: JSON members that the app may get in {@code challenge}. They replace those of before. */
    public StepDescription withDetails(String... names) {
        return new StepDescription(kind, providerId, type, fields, List.of(names), formParameters, proof, lookUp);
    }

    /** With these parameters: the only ones that the form of Keycloak's page may have. They replace those of before. */
    public StepDescription withFormParameters(String... names) {
        return new StepDescription(kind, providerId, type, fields, details, List.of(names), proof, lookUp);
    }

    /**
     * Promises that a user who passes the step has proved more than a user name, for example a secret. If the flow refuses the user
     * later, the app gets {@code access_denied}. Without this promise, and before another proof, a refusal looks like a wrong entry.
     */
    public StepDescription withProof() {
        return new StepDescription(kind, providerId, type, fields, details, formParameters, true, lookUp);
    }

    /**
     * Promises that the answer to an entry never shows whether an account exists: it is the same for unknown users, or the step comes
     * after a password, so that there is no unknown user. Entries then do not count in the budget of look-ups.
     */
    public StepDescription withoutLookUp() {
        return new StepDescription(kind, providerId, type, fields, details, formParameters, proof, false);
    }

    /** What the step belongs to. */
    public Kind kind() {
        return kind;
    }

    /** The id of the authenticator or required action. */
    public String providerId() {
        return providerId;
    }

    /** The app's {@code challenge.type}. */
    public String type() {
        return type;
    }

    /** Parameters that the app can send; cannot be changed. */
    public List<String> fields() {
        return fields;
    }

    /** Members of {@code challenge} beside those that every step has; cannot be changed. */
    public List<String> details() {
        return details;
    }

    /** Parameters of the form of Keycloak's page; cannot be changed. */
    public List<String> formParameters() {
        return formParameters;
    }

    /** Whether passing the step proves more than the name of a user; by default false. */
    public boolean provesMoreThanAName() {
        return proof;
    }

    /** Whether the answer to an entry can show whether an account exists; by default true. */
    public boolean showsWhoHasAnAccount() {
        return lookUp;
    }
}
