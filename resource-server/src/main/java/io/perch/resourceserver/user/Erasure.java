package io.perch.resourceserver.user;

import io.perch.resourceserver.user.UserErased.Counts;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Destroys what a deleted user had. Whatever dies on the way, somebody goes on with it. */
@Component
class Erasure {

    private static final Logger log = LoggerFactory.getLogger(Erasure.class);
    private static final int AT_ONCE = 100;

    private final Tombstones tombstones;
    private final Belongings belongings;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    Erasure(Tombstones tombstones, Belongings belongings, ApplicationEventPublisher events, Clock clock) {
        this.tombstones = tombstones;
        this.belongings = belongings;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Destroys what a user had whom Keycloak deleted. An event that comes again goes on where the first one was broken off.
     *
     * @return whether there was anything left to do
     */
    boolean begin(String userId, Instant deletedAt) {
        Tombstone tombstone = tombstones.raise(userId, deletedAt);
        if (tombstone.erasedAt() != null) {
            return false;
        }
        erase(tombstone);
        return true;
    }

    /** Goes on with what is left to do, whichever instance left it. */
    @Scheduled(
            fixedDelayString = "${perch.user.erase-interval:10s}",
            initialDelayString = "${perch.user.erase-interval:10s}")
    void resume() {
        try {
            for (int i = 0; i < AT_ONCE; i++) {
                Optional<Tombstone> due = tombstones.takeDue();
                if (due.isEmpty()) {
                    return;
                }
                visit(due.get());
            }
        } catch (DataAccessException e) {
            log.warn("What deleted users had is destroyed later: {}", e.getMessage());
        }
    }

    /** After a lease, and after the life of a token, everything is looked through again. */
    private void visit(Tombstone tombstone) {
        if (tombstone.erasedAt() == null) {
            erase(tombstone);
            return;
        }
        Counts late = belongings.count(tombstone.id());
        belongings.destroy(tombstone.id());
        tombstones.noteRevisit(tombstone);
        if (late.accounts() + late.tasks() > 0) {
            log.warn("user_id={} still had {}; it is destroyed", tombstone.id(), late);
        }
    }

    private void erase(Tombstone tombstone) {
        String userId = tombstone.id();
        Counts counts = tombstones.noteCounts(userId, belongings.count(userId));
        belongings.destroy(userId);
        events.publishEvent(new UserErased(userId, counts, clock.instant()));
        tombstones.noteErased(userId);
        log.info(
                "user_id={} is deleted: {} accounts and {} tasks are destroyed",
                userId,
                counts.accounts(),
                counts.tasks());
    }
}
