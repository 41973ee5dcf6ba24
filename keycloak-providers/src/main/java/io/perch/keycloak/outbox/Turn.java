package io.perch.keycloak.outbox;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.util.Collection;

/**
 * Whose turn it is to write events of a user: who holds the row that the user's id falls on. Held from just before the commit
 * until it is done, so that the rows of one user are numbered in the order of their commits, and a state that is read
 * meanwhile has what the commits before it left. The rows never change, so that a lock on one is never a conflict with a
 * snapshot that the transaction has read (MariaDB).
 */
@Entity(name = "PerchOutboxTurn")
@Table(name = "PERCH_OUTBOX_TURN")
class Turn {

    /** Rows, made by the changelog. */
    static final int COUNT = 1024;

    @Id
    @Column(name = "ID")
    private int id;

    protected Turn() {}

    /** Waits for the turn of every key, always in the same order so that no two wait for each other. */
    static void take(EntityManager entities, Collection<String> keys) {
        keys.stream()
                .map(key -> Math.floorMod(key.hashCode(), COUNT))
                .sorted()
                .distinct()
                .forEach(turn -> entities.find(Turn.class, turn, LockModeType.PESSIMISTIC_WRITE));
    }
}
