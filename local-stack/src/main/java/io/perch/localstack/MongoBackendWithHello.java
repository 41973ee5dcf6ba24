package io.perch.localstack;

import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import org.h2.mvstore.MVStore;

/** Adds the command {@code hello}, which clients since MongoDB 5 send where older ones said {@code isMaster}. */
final class MongoBackendWithHello extends H2Backend {

    MongoBackendWithHello(MVStore store) {
        super(store);
    }

    @Override
    public Document handleCommand(Channel channel, String database, String command, Document query) {
        if (!command.equals("hello")) {
            return super.handleCommand(channel, database, command, query);
        }
        var hello = super.handleCommand(channel, database, "isMaster", query);
        hello.put("isWritablePrimary", hello.get("ismaster"));
        return hello;
    }
}
