package io.perch.keycloak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
    void theNoticeNamesEachLibraryInTheJar() throws IOException {
        Set<String> packed = matches("<include>([^<:]+:[^<]+)</include>", Files.readString(Path.of("pom.xml")));
        assertFalse(packed.isEmpty());
        assertEquals(packed, matches("(?m)^([a-z0-9.]+:[a-z0-9-]+)(?: |$)", notice()));
    }

    @Test
    void theNoticeNamesEachLibraryThatTheKafkaClientIncludes() throws IOException {
        Set<String> packed = matches("shaded/kafka/shaded/(\\w+/\\w+/\\w+)/", String.join("\n", entries())).stream()
                .map(name -> name.replace('/', '.'))
                .collect(Collectors.toSet());
        assertFalse(packed.isEmpty());
        assertEquals(packed, matches("(?m)^ +([a-z.]+): ", notice()));
    }

    @Test
    void eachLicenceThatTheNoticeNamesIsInTheJar() throws IOException {
        Set<String> licences = matches("\\((LICENSE[\\w-]*)\\)", notice());
        assertTrue(licences.size() > 1);
        assertEquals(licences, matches("(?m)^META-INF/(LICENSE[\\w-]*)$", String.join("\n", entries())));
    }

    private static Set<String> matches(String regex, String text) {
        return Pattern.compile(regex)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
    }

    private static String notice() throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(PackagedProviders.JAR)) {
            return Files.readString(jar.getPath("META-INF/NOTICE"));
        }
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
