package io.perch.keycloak.outbox;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.util.Collection;

/**
 * The lock under which events of a user are written: a row that the hash of the user's id selects. It is held from just before the
 * commit until the commit is done. So the rows of one user are numbered in the order of their commits, and the state that is read
 * under the lock contains all earlier commits. The rows never change. So a lock never conflicts with a snapshot that the
 * transaction has read (MariaDB).
 */
@Entity(name = "PerchOutboxUserLock")
@Table(name = "PERCH_OUTBOX_TURN")
class UserLock {

    /** Number of rows, created by the changelog. */
    static final int COUNT = 1024;

    @Id
    @Column(name = "ID")
    private int id;

    protected UserLock() {}

    /** Acquires the locks of all keys, always in the same order, so that two transactions cannot wait for each other. */
    static void acquire(EntityManager entities, Collection<String> keys) {
        keys.stream()
                .map(key -> Math.floorMod(key.hashCode(), COUNT))
                .sorted()
                .distinct()
                .forEach(id -> entities.find(UserLock.class, id, LockModeType.PESSIMISTIC_WRITE));
    }
}
