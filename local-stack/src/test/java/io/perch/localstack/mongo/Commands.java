package io.perch.localstack.mongo;

import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.List;

/** Sends commands to a backend without a network. */
final class Commands {

    static final String DATABASE = "perch";

    private final MongoBackend backend;
    private final Channel channel = new EmbeddedChannel();

    Commands(MongoBackend backend) {
        this.backend = backend;
    }

    Document run(Document command) {
        var copy = command.cloneDeeply();
        return backend.handleCommand(channel, DATABASE, copy.keySet().iterator().next(), copy);
    }

    Document insert(String collection, Document... documents) {
        return run(new Document("insert", collection)
                .append("documents", List.of(documents))
                .append("ordered", true));
    }

    Document createIndex(String collection, String name, Document keys, boolean unique, boolean sparse) {
        return run(new Document("createIndexes", collection)
                .append(
                        "indexes",
                        List.of(new Document("key", keys)
                                .append("name", name)
                                .append("unique", unique)
                                .append("sparse", sparse))));
    }

    List<Document> find(String collection, Document filter) {
        return batch(run(new Document("find", collection).append("filter", filter)));
    }

    @SuppressWarnings("unchecked")
    static List<Document> batch(Document reply) {
        return (List<Document>) ((Document) reply.getOrMissing("cursor")).getOrMissing("firstBatch");
    }
}
