package io.perch.resourceserver.mongo;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.MongoWriteConcernException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.data.mongodb.core.MongoExceptionTranslator;

/**
 * Translates all exceptions of the driver that mean an unavailable database into one. If a connection fails, the driver closes
 * the others and opens none for some time. During an election the old primary refuses commands, and a write may be acknowledged
 * by too few members. An operation may exceed its timeout. Spring does not categorize some of these, so callers would not retry.
 */
final class MongoOutageTranslator extends MongoExceptionTranslator {

    /** Interrupted at shutdown, primary stepped down, shutting down, write concern failed, host unreachable, not primary. */
    private static final Set<Integer> UNAVAILABLE =
            Set.of(11600, 11602, 189, 91, 64, 6, 7, 89, 9001, 10107, 13435, 13436, 50);

    @Override
    public @Nullable DataAccessException translateExceptionIfPossible(RuntimeException exception) {
        boolean unavailable = exception instanceof MongoConnectionPoolClearedException
                || exception instanceof MongoNotPrimaryException
                || exception instanceof MongoNodeIsRecoveringException
                || exception instanceof MongoOperationTimeoutException
                || exception instanceof MongoTimeoutException
                || exception instanceof MongoWriteConcernException
                || (exception instanceof MongoException failed && UNAVAILABLE.contains(failed.getCode()))
                || (exception instanceof MongoBulkWriteException bulk && bulk.getWriteConcernError() != null);
        return unavailable
                ? new DataAccessResourceFailureException(exception.getMessage(), exception)
                : super.translateExceptionIfPossible(exception);
    }
}
