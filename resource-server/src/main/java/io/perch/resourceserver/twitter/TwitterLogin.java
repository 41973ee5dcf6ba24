package io.perch.resourceserver.twitter;

/** Logs in to an X account. */
@FunctionalInterface
public interface TwitterLogin {

    /**
     * Tries to log in once. What the other side says, good or bad, is an outcome; an exception means that this
     * implementation failed, and counts as {@link LoginOutcome.Unavailable}. May block for as long as a login takes, and
     * ends early when the thread is interrupted: the user cancelled, or this instance stops or lost the task's lease.
     *
     * @param request whom to log in
     * @return how it went
     * @throws InterruptedException if the thread was interrupted
     */
    LoginOutcome login(LoginRequest request) throws InterruptedException;
}
