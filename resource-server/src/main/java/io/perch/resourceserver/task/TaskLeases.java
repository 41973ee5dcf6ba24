package io.perch.resourceserver.task;

import io.perch.resourceserver.mongo.DatabaseTime;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Renews the leases of running tasks, on database connections that nothing else uses. */
@Component
public class TaskLeases {

    private final TaskClaimRepository tasks;
    private final TaskProperties properties;
    private final DatabaseTime time;

    TaskLeases(TaskClaimRepository tasks, TaskProperties properties, DatabaseTime time) {
        this.tasks = tasks;
        this.properties = properties;
        this.time = time;
    }

    /**
     * Renews leases.
     *
     * @param claims the claim token of each task that runs on this instance
     * @return the IDs of the tasks whose leases these claims still hold
     * @throws DataAccessException if the database does not answer within two seconds
     */
    public Set<String> renew(Map<TaskKey, String> claims) {
        Instant until = time.instant().plus(properties.lease());
        return tasks.renew(claims, until, until.plus(TaskClaims.TAKEOVER_MARGIN));
    }
}
