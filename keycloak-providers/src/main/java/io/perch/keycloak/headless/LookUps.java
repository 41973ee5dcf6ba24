package io.perch.keycloak.headless;

/** Limits the steps whose answer can show who has an account. */
public interface LookUps {

    /**
     * Counts one, before it is taken.
     *
     * @return zero; or the seconds to wait, and then the step is not taken
     */
    int take();
}
