package io.perch.keycloak.authapi;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.AbstractKeycloakTransaction;
import org.keycloak.models.KeycloakSession;

/**
 * Runs the sign-ins with one name one after another. Keycloak's brute-force protection counts exactly because it lets one sign-in
 * of a user through at a time; it refuses every other one as if the password were wrong. Names that nobody has wait alike, so
 * that the waiting tells nothing.
 */
final class NameLocks {

    /** More sign-ins with one name than these are refused at once: each holds a thread of the server. */
    private static final int MOST = 10;

    private static final int PATIENCE_SECONDS = 5;

    private final Map<String, Lock> locks = new HashMap<>();

    private static final class Lock {
        private final Semaphore permit = new Semaphore(1, true);
        private int holders;
    }

    /**
     * Waits until no other sign-in with this name runs, and keeps the next ones waiting until the session's transaction has
     * ended.
     *
     * @return false where it would take too long
     */
    boolean enter(KeycloakSession session, String name) {
        String key =
                session.getContext().getRealm().getId() + ' ' + name.strip().toLowerCase(Locale.ROOT);
        Lock lock = hold(key);
        if (lock == null) {
            return false;
        }
        if (!acquire(lock)) {
            drop(key, lock);
            return false;
        }
        session.getTransactionManager().enlistAfterCompletion(new AbstractKeycloakTransaction() {
            @Override
            protected void commitImpl() {
                leave(key, lock);
            }

            @Override
            protected void rollbackImpl() {
                leave(key, lock);
            }
        });
        return true;
    }

    private static boolean acquire(Lock lock) {
        try {
            return lock.permit.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void leave(String key, Lock lock) {
        lock.permit.release();
        drop(key, lock);
    }

    private synchronized @Nullable Lock hold(String key) {
        Lock lock = locks.computeIfAbsent(key, unused -> new Lock());
        if (lock.holders >= MOST) {
            return null;
        }
        lock.holders++;
        return lock;
    }

    private synchronized void drop(String key, Lock lock) {
        lock.holders--;
        if (lock.holders == 0) {
            locks.remove(key);
        }
    }
}
