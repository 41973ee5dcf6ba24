package io.perch.systemtests.kubernetes;

import io.perch.systemtests.Project;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * One YAML document of {@code kubernetes/}, as it is written: Kustomize has not changed it.
 *
 * @param file where it is
 * @param content its keys and values
 */
record Manifest(Path file, Map<?, ?> content) {

    static final Path FOLDER = Project.path("kubernetes");

    /** Every file of the folder. */
    static List<Path> files() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every document of every YAML file. */
    static Stream<Manifest> all() {
        return files().stream()
                .filter(file -> file.toString().endsWith(".yaml"))
                .flatMap(Manifest::in);
    }

    static Stream<Manifest> ofKind(String kind) {
        return all().filter(manifest -> manifest.kind().equals(kind));
    }

    /** The documents of a file; a key that stands twice is refused. */
    static Stream<Manifest> in(Path file) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            Iterable<Object> documents = new Yaml(new SafeConstructor(options)).loadAll(Files.readString(file));
            return StreamSupport.stream(documents.spliterator(), false)
                    .map(document -> new Manifest(file, (Map<?, ?>) document))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String kind() {
        return text("kind");
    }

    String name() {
        return text("metadata", "name");
    }

    /** The value at a path; empty if there is none. */
    String text(String... path) {
        return Objects.toString(at(content, path), "");
    }

    Map<?, ?> map(String... path) {
        return mapAt(content, path);
    }

    /** Its template for pods; empty if it has none. */
    Map<?, ?> podSpec() {
        return kind().equals("Keycloak")
                ? map("spec", "unsupported", "podTemplate", "spec")
                : map("spec", "template", "spec");
    }

    static Map<?, ?> mapAt(Map<?, ?> map, String... path) {
        return at(map, path) instanceof Map<?, ?> found ? found : Map.of();
    }

    /** The mappings of a list; none if there is no list. */
    static List<Map<?, ?>> mapsAt(Map<?, ?> map, String... path) {
        return at(map, path) instanceof List<?> found
                ? found.stream().<Map<?, ?>>map(Map.class::cast).toList()
                : List.of();
    }

    static @Nullable Object at(Map<?, ?> map, String... path) {
        Object value = map;
        for (String key : path) {
            value = value instanceof Map<?, ?> found ? found.get(key) : null;
        }
        return value;
    }

    @Override
    public String toString() {
        return FOLDER.relativize(file) + " " + kind() + " " + name();
    }
}
