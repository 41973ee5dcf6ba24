package io.perch.resourceserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.perch.resourceserver.Api.Caller;
import io.perch.resourceserver.mongo.CreateIndexesCommand;
import io.perch.resourceserver.task.AdoptOldTasksCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.data.mongodb.core.MongoOperations;
import tools.jackson.databind.JsonNode;

/** Documents of an old service in the same collection, and the database commands. */
@ResourceServerTest
class OldServiceDocumentsTest {

    private final Api api;
    private final MongoOperations mongo;
    private final Environment environment;

    @Autowired
    OldServiceDocumentsTest(Api api, MongoOperations mongo, Environment environment) {
        this.api = api;
        this.mongo = mongo;
        this.environment = environment;
    }

    @Test
    void oldDocumentsAreIgnoredUntilACommandConvertsThem(@TempDir Path directory) throws IOException {
        Caller user = api.asNewUser();
        Caller moderator = api.asNewUser("user", "moderator");
        String oldUser = new ObjectId().toHexString();
        String done = UUID.randomUUID().toString();
        String unfinished = UUID.randomUUID().toString();
        insert(done, "success", oldUser);
        insert(unfinished, "processing", oldUser);
        String withoutOwner = UUID.randomUUID().toString();
        insert(withoutOwner, "success", new ObjectId().toHexString());
        assertThat(moderator.get("/admin/tasks").status()).isEqualTo(200);
        assertThat(moderator.get("/admin/tasks?status=success").status()).isEqualTo(200);
        assertThat(user.get("/tasks").body().path("items")).isEmpty();
        Path owners = Files.writeString(directory.resolve("owners.csv"), oldUser + "," + user.subject() + "\n");

        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(AdoptOldTasksCommand.run(settings("--owners=" + owners), print(out)))
                .isOne();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("2 documents of the old service became tasks, 1 were left");

        JsonNode success = user.get("/tasks/" + done).body();
        assertThat(success.path("status").asString()).isEqualTo("success");
        JsonNode failure = user.get("/tasks/" + unfinished).body();
        assertThat(failure.path("status").asString()).isEqualTo("failure");
        assertThat(failure.path("error").path("code").asString()).isEqualTo("not_finished");
        assertThat(user.get("/tasks").body().path("items")).hasSize(2);
        out.reset();
        assertThat(AdoptOldTasksCommand.run(settings("--owners=" + owners), print(out)))
                .isOne();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("0 documents of the old service became tasks, 1 were left");
        mongo.getCollection("task_statuses").deleteOne(new Document("task_id", withoutOwner));
    }

    @Test
    void anInvalidListOfOwnersIsReported(@TempDir Path directory) throws IOException {
        Path owners = Files.writeString(directory.resolve("owners.csv"), "one two\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThat(AdoptOldTasksCommand.run(settings("--owners=" + owners), print(out)))
                .isEqualTo(2);

        assertThat(out.toString(StandardCharsets.UTF_8)).contains("line 1 is not two ids");
    }

    @Test
    void aCommandCreatesAllIndexes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThat(CreateIndexesCommand.run(settings("--server.port=0"), print(out)))
                .isZero();

        assertThat(out.toString(StandardCharsets.UTF_8)).containsPattern("(\\d+) of \\1 indexes are there");
    }

    private void insert(String taskId, String status, String owner) {
        mongo.getCollection("task_statuses")
                .insertOne(new Document("_id", new ObjectId())
                        .append("task_id", taskId)
                        .append("status", status)
                        .append("user_id", owner));
    }

    private String[] settings(String more) {
        return new String[] {
            "--MONGO_URI=" + environment.getRequiredProperty("MONGO_URI"),
            "--DATABASE_NAME=" + environment.getRequiredProperty("DATABASE_NAME"),
            "--ENCRYPTION_KEYSET=" + environment.getRequiredProperty("ENCRYPTION_KEYSET"),
            more
        };
    }

    private static PrintStream print(ByteArrayOutputStream out) {
        return new PrintStream(out, true, StandardCharsets.UTF_8);
    }
}
