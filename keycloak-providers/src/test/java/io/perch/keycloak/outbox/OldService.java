package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import at.favre.lib.crypto.bcrypt.BCrypt;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.stream.Stream;
import org.bson.Document;
import org.keycloak.admin.client.CreatedResponseUtil;
import org.keycloak.admin.client.resource.RealmResource;
import org.keycloak.common.util.MultivaluedHashMap;
import org.keycloak.representations.idm.ComponentRepresentation;
import org.keycloak.storage.UserStorageProvider;

/** An old service whose users are imported. All have the password of the test users. */
record OldService(MongoServer server) implements AutoCloseable {

    static OldService with(String... usernames) {
        MongoServer server = new MongoServer(new MemoryBackend());
        String hash = BCrypt.withDefaults().hashToString(4, EventsRealm.PASSWORD.toCharArray());
        try (MongoClient client = MongoClients.create(server.bindAndGetConnectionString())) {
            client.getDatabase("old")
                    .getCollection("users")
                    .insertMany(Stream.of(usernames)
                            .map(name -> new Document("username", name)
                                    .append("email", name + "@perch.example")
                                    .append("first_name", "Ada")
                                    .append("last_name", "Perch")
                                    .append("hashed_password", hash))
                            .toList());
        }
        return new OldService(server);
    }

    /** Adds a federation with its database to a realm, and returns the federation's id. */
    String connectTo(RealmResource realm) {
        MultivaluedHashMap<String, String> config = new MultivaluedHashMap<>();
        Map.of(
                        "database-kind", "mongodb",
                        "host", "localhost",
                        "port", Integer.toString(server.getLocalAddress().getPort()),
                        "database", "old",
                        "preset", "full",
                        "table", "users",
                        "tls", "disable",
                        "cost", "4")
                .forEach(config::putSingle);
        ComponentRepresentation component = new ComponentRepresentation();
        component.setName("old");
        component.setProviderId("legacy-users");
        component.setProviderType(UserStorageProvider.class.getName());
        component.setConfig(config);
        try (Response response = realm.components().add(component)) {
            assertEquals(201, response.getStatus(), () -> response.readEntity(String.class));
            return CreatedResponseUtil.getCreatedId(response);
        }
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
