package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoSocketReadTimeoutException;
import com.mongodb.ServerAddress;
import com.mongodb.connection.ClusterId;
import com.mongodb.connection.ServerId;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.data.mongodb.MongoDatabaseFactory;

/** An unavailable database is not reported as an internal error. */
@ResourceServerTest
class MongoOutageTranslatorTest {

    private static final ServerAddress SERVER = new ServerAddress("mongo.example");

    private final MongoDatabaseFactory mongo;

    @Autowired
    MongoOutageTranslatorTest(MongoDatabaseFactory mongo) {
        this.mongo = mongo;
    }

    @Test
    void aPausedConnectionPoolIsReportedAsUnavailable() {
        var timeout = new MongoSocketReadTimeoutException("Read timed out", SERVER, new IllegalStateException());
        var cleared = new MongoConnectionPoolClearedException(new ServerId(new ClusterId(), SERVER), timeout);

        assertThat(mongo.getExceptionTranslator().translateExceptionIfPossible(cleared))
                .isInstanceOf(DataAccessResourceFailureException.class)
                .hasCause(cleared);
        assertThat(mongo.getExceptionTranslator().translateExceptionIfPossible(timeout))
                .isInstanceOf(DataAccessResourceFailureException.class);
    }

    @Test
    void aServerThatIsNotPrimaryIsReportedAsUnavailable() {
        var stepDown = new MongoNotPrimaryException(new BsonDocument(), SERVER);

        assertThat(mongo.getExceptionTranslator().translateExceptionIfPossible(stepDown))
                .isInstanceOf(DataAccessResourceFailureException.class);
    }
}
