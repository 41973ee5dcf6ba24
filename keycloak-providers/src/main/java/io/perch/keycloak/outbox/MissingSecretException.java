package io.perch.keycloak.outbox;

/** The vault does not have the secret that an option names. The message has the option and the expression, which is no secret. */
final class MissingSecretException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String option;

    MissingSecretException(String option, String expression) {
        super("The option " + option + " is " + expression
                + ", and Keycloak's vault has no such secret for the realm of the administrators");
        this.option = option;
    }

    /** The option's name. */
    String option() {
        return option;
    }
}
