package io.perch.resourceserver.user;

import io.perch.resourceserver.events.UserEvent;
import io.perch.resourceserver.events.UserEvent.UserState;
import io.perch.resourceserver.user.UserErased.Counts;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Destroys the data of deleted users. If the instance crashes in between, another one continues. */
@Component
class Erasure {

    private static final Logger log = LoggerFactory.getLogger(Erasure.class);
    private static final int AT_ONCE = 100;

    private final Tombstones tombstones;
    private final Users users;
    private final UserData data;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Erasure(Tombstones tombstones, Users users, UserData data, ApplicationEventPublisher events, Clock clock) {
        this.tombstones = tombstones;
        this.users = users;
        this.data = data;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Destroys the data of a user whom Keycloak deleted. If the event comes again, it continues where the first one was interrupted.
     *
     * @param sequence of the deletion's event
     * @return whether there was anything left to do
     */
    boolean begin(String userId, Instant deletedAt, long sequence) {
        Optional<Tombstone> tombstone = tombstones.raise(userId, deletedAt, sequence);
        if (tombstone.isEmpty() || tombstone.get().erasedAt() != null) {
            return false;
        }
        erase(userId, null);
        return true;
    }

    /**
     * Replaces the tombstone of a user whom Keycloak has again. The recreated user is a new one: what was there before is destroyed
     * first, and what a hanging instance still writes of it is destroyed later.
     *
     * @param user the state that the event has
     * @return false if the user is not deleted, or was deleted after this event
     */
    boolean recreate(String userId, UserState user, UserEvent event) {
        Optional<Tombstone> tombstone = tombstones.find(userId).filter(found -> isBefore(found, event));
        if (tombstone.isEmpty()) {
            return false;
        }
        if (tombstone.get().erasedAt() == null) {
            erase(userId, null);
        } else {
            data.destroy(userId, null);
        }
        Instant now = tombstones.now();
        boolean recreated = users.recreate(userId, user, event, now, tombstones.firstRevisit(now));
        if (recreated) {
            log.info("user_id={} was deleted, and Keycloak has this user again", userId);
        }
        return recreated;
    }

    private static boolean isBefore(Tombstone tombstone, UserEvent event) {
        Long sequence = tombstone.deletedSequence();
        Instant deletedAt = tombstone.deletedAt();
        return sequence == null ? deletedAt != null && deletedAt.isBefore(event.time()) : sequence < event.sequence();
    }

    /** Continues erasures that any instance has not finished, and searches for data of deleted users again when that is due. */
    @Scheduled(
            fixedDelayString = "${perch.user.erase-interval:10s}",
            initialDelayString = "${perch.user.erase-interval:10s}")
    void resume() {
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                // What is newer may be a recreated user's
                Instant before = tombstones.now();
                Optional<Tombstone> due = tombstones.takeDue();
                if (due.isEmpty()) {
                    return;
                }
                visit(due.get(), before);
            }
        } catch (DataAccessException e) {
            log.warn("The data of deleted users are destroyed later: {}", e.getMessage());
        }
    }

    /** Searches again after a lease has ended, and after the lifetime of a token. */
    private void visit(Tombstone tombstone, Instant before) {
        if (tombstone.recreatedAt() != null) {
            data.destroy(tombstone.id(), tombstone.recreatedAt());
            tombstones.noteRevisit(tombstone);
            return;
        }
        if (tombstone.erasedAt() == null) {
            erase(tombstone.id(), before);
            return;
        }
        Counts late = data.count(tombstone.id());
        data.destroy(tombstone.id(), before);
        tombstones.noteRevisit(tombstone);
        if (late.accounts() + late.tasks() > 0) {
            log.warn("user_id={} still had {}; they are destroyed", tombstone.id(), late);
        }
    }

    private void erase(String userId, @Nullable Instant before) {
        Counts counts = tombstones.noteCounts(userId, data.count(userId));
        data.destroy(userId, before);
        events.publishEvent(new UserErased(userId, counts, clock.instant()));
        tombstones.noteErased(userId);
        log.info(
                "user_id={} is deleted: {} accounts and {} tasks are destroyed",
                userId,
                counts.accounts(),
                counts.tasks());
    }
}
