package io.perch.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

class PackagedJarIT {

    @Test
    void everyClassIsOursOrMovedUnderOurName() throws IOException {
        List<String> foreign = entries().stream()
                .filter(name -> name.endsWith(".class"))
                .filter(name -> !name.startsWith("io/perch/keycloak/"))
                .toList();
        assertEquals(List.of(), foreign);
        assertTrue(entries().contains("io/perch/keycloak/shaded/phonenumbers/PhoneNumberUtil.class"));
    }

    @Test
    void theKafkaClientIsMovedAndComesWithoutNativeCode() throws IOException {
        assertTrue(entries().contains("io/perch/keycloak/shaded/kafka/clients/producer/KafkaProducer.class"));
        assertEquals(
                List.of(),
                entries().stream()
                        .filter(name -> name.matches(".*\\.(so|dll|jnilib|dylib)"))
                        .toList());
    }

    @Test
    void bcryptIsMovedWithWhatItNeeds() throws IOException {
        assertTrue(entries()
                .containsAll(List.of(
                        "io/perch/keycloak/shaded/favre/crypto/bcrypt/BCrypt.class",
                        "io/perch/keycloak/shaded/favre/bytes/Bytes.class")));
    }

    @Test
    void theMongoDbDriverIsMovedWithWhatItNeeds() throws IOException {
        assertTrue(entries()
                .containsAll(List.of(
                        "io/perch/keycloak/shaded/mongodb/client/MongoClients.class",
                        "io/perch/keycloak/shaded/mongodb/MongoClientSettings.class",
                        "io/perch/keycloak/shaded/bson/BsonDocument.class")));
    }

    @Test
    void everyNumberingPlanIsPackedOnceAndMoved() throws IOException {
        List<String> plans = entries().stream()
                .filter(name -> name.contains("PhoneNumberMetadataProto"))
                .toList();
        assertTrue(plans.size() > 200, () -> plans.size() + " plans");
        assertTrue(plans.stream().allMatch(name -> name.startsWith("io/perch/keycloak/shaded/phonenumbers/data/")));
    }

    @Test
    void theLicenceAndTheNoticeComeAlong() throws IOException {
        assertTrue(entries().containsAll(List.of("META-INF/LICENSE", "META-INF/NOTICE")));
    }

    private static List<String> entries() throws IOException {
        try (JarFile jar = new JarFile(PackagedProviders.JAR.toFile())) {
            return jar.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .toList();
        }
    }
}
