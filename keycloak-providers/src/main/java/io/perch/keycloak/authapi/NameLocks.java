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
 * Serializes the sign-ins with the same name. Keycloak's brute-force protection counts exactly, because it accepts one sign-in of a
 * user at a time. It refuses concurrent ones as if the password were wrong. Unknown names wait in the same way, so that the
 * response time does not show which names exist.
 */
final class NameLocks {

    /** The most concurrent sign-ins with one name. Others are refused at once, because each uses a thread of the server. */
    private static final int MAX_CONCURRENT = 10;

    private static final int TIMEOUT_SECONDS = 5;

    private final Map<String, Lock> locks = new HashMap<>();

    private static final class Lock {
        private final Semaphore permit = new Semaphore(1, true);
        private int holders;
    }

    /**
     * Waits until no other sign-in with this name runs. Then it holds the lock until the session's transaction has ended.
     *
     * @return false if too many sign-ins wait, or the wait has taken too long
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
            return lock.permit.tryAcquire(TIMEOUT_SECONDS, TimeUnit.SECONDS);
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
        if (lock.holders >= MAX_CONCURRENT) {
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
