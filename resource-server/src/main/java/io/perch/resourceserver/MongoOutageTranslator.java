package io.perch.resourceserver;

import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.data.mongodb.core.MongoExceptionTranslator;

/**
 * Tells everyone that a database is away in one way. When one connection fails, the driver closes the others and gives out
 * no new one for a while; when a replica set elects, the old primary refuses. To Spring what the driver throws then is
 * uncategorized, so that nobody would ask again.
 */
final class MongoOutageTranslator extends MongoExceptionTranslator {

    @Override
    public @Nullable DataAccessException translateExceptionIfPossible(RuntimeException exception) {
        boolean away = exception instanceof MongoConnectionPoolClearedException
                || exception instanceof MongoNotPrimaryException
                || exception instanceof MongoNodeIsRecoveringException;
        return away
                ? new DataAccessResourceFailureException(exception.getMessage(), exception)
                : super.translateExceptionIfPossible(exception);
    }
}
