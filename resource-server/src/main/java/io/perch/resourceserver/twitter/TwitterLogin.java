package io.perch.resourceserver.twitter;

/** Logs in to an X account. */
@FunctionalInterface
public interface TwitterLogin {

    /**
     * Tries to log in once. Every response of X is an outcome. An exception means that this implementation failed, and counts as
     * {@link LoginOutcome.Unavailable}. The call may block for the duration of a login. It must end early if the thread is
     * interrupted: the user cancelled the task, this instance stops, or it lost the task's lease.
     *
     * @param request the login
     * @return the outcome
     * @throws InterruptedException if the thread was interrupted
     */
    LoginOutcome login(LoginRequest request) throws InterruptedException;
}
