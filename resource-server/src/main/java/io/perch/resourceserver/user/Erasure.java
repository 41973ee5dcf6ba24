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

/** Destroys the data of deleted users. If an instance fails in between, another one continues. */
@Component
class Erasure {

    private static final Logger log = LoggerFactory.getLogger(Erasure.class);
    private static final int MAX_PER_RUN = 100;

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
     * Destroys the data of a user who was deleted in Keycloak. If the event is delivered again, this continues where it was
     * interrupted.
     *
     * @param sequence the sequence of the deletion event
     * @return whether there was anything left to do
     */
    boolean begin(String userId, Instant deletedAt, long sequence) {
        Optional<Tombstone> tombstone = tombstones.create(userId, deletedAt, sequence);
        if (tombstone.isEmpty() || tombstone.get().erasedAt() != null) {
            return false;
        }
        erase(userId, null);
        return true;
    }

    /**
     * Replaces the tombstone of a user whom Keycloak has again. The recreated user is a new one. So earlier data is destroyed
     * first. Data that a hanging instance still writes is destroyed later.
     *
     * @param user the state in the event
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

    /** Continues unfinished erasures of any instance. Searches for remaining data of deleted users when that is due. */
    @Scheduled(
            fixedDelayString = "${perch.user.erase-interval:10s}",
            initialDelayString = "${perch.user.erase-interval:10s}")
    void resume() {
        try {
            for (int i = 0; i < MAX_PER_RUN; i++) {
                // Newer data may belong to a recreated user
                Instant before = tombstones.now();
                Optional<Tombstone> due = tombstones.claimDue();
                if (due.isEmpty()) {
                    return;
                }
                process(due.get(), before);
            }
        } catch (DataAccessException e) {
            log.warn("The data of deleted users is not destroyed yet, trying again: {}", e.getMessage());
        }
    }

    /** Searches again when leases have expired, and when the user's tokens have expired. */
    private void process(Tombstone tombstone, Instant before) {
        if (tombstone.recreatedAt() != null) {
            data.destroy(tombstone.id(), tombstone.recreatedAt());
            tombstones.markSearched(tombstone);
            return;
        }
        if (tombstone.erasedAt() == null) {
            erase(tombstone.id(), before);
            return;
        }
        Counts remaining = data.count(tombstone.id());
        data.destroy(tombstone.id(), before);
        tombstones.markSearched(tombstone);
        if (remaining.accounts() + remaining.tasks() > 0) {
            log.warn("user_id={} still had {}, now destroyed", tombstone.id(), remaining);
        }
    }

    private void erase(String userId, @Nullable Instant before) {
        Counts counts = tombstones.saveCounts(userId, data.count(userId));
        data.destroy(userId, before);
        events.publishEvent(new UserErased(userId, counts, clock.instant()));
        tombstones.markErased(userId);
        log.info(
                "user_id={} is deleted: {} accounts and {} tasks were destroyed",
                userId,
                counts.accounts(),
                counts.tasks());
    }
}
