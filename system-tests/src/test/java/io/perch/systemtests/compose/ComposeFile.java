package io.perch.systemtests.compose;

import static java.util.stream.Collectors.toMap;

import io.perch.systemtests.Project;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A Compose file as it is written. Variables are not replaced, but merges are resolved. */
record ComposeFile(String text, Map<String, Service> services, Map<String, Object> networks) {

    static final String NAME = "docker-compose.yml";

    /** The additions for a server on the internet. */
    static final String PRODUCTION = "docker-compose.prod.yml";

    private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$\\{([A-Za-z_]\\w*)(:[?-])?([^}]*)}");

    static ComposeFile read() {
        return read(NAME);
    }

    static ComposeFile read(String name) {
        String text = Project.text(name);
        Map<String, Object> file = mapOf(yaml().load(text));
        Map<String, Service> services = new TreeMap<>();
        mapOf(get(file, "services")).forEach((key, value) -> services.put(key, new Service(key, mapOf(value))));
        return new ComposeFile(text, services, mapOf(get(file, "networks")));
    }

    Service service(String name) {
        return Objects.requireNonNull(services.get(name), () -> "no service " + name);
    }

    /** The variables that are used, in the order of the file. */
    Stream<Variable> variables() {
        return variablesIn(text);
    }

    static Stream<Variable> variablesIn(String text) {
        return VARIABLE.matcher(text)
                .results()
                .map(match ->
                        new Variable(match.group(1), Objects.requireNonNullElse(match.group(2), ""), match.group(3)));
    }

    /** A parser that refuses duplicate keys. Compose would use the last one. */
    static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        return new Yaml(new SafeConstructor(options));
    }

    /** A mapping with text keys. Empty values become empty mappings. */
    static Map<String, Object> mapOf(Object value) {
        return ((Map<?, ?>) value)
                .entrySet().stream()
                        .collect(toMap(
                                entry -> String.valueOf(entry.getKey()),
                                entry -> Objects.requireNonNullElse(entry.getValue(), Map.of())));
    }

    static Object get(Map<String, Object> map, String key) {
        return Objects.requireNonNull(map.get(key), () -> "no key " + key);
    }

    /**
     * {@code ${name}}, {@code ${name:-rest}} (rest is the default) or {@code ${name:?rest}} (the variable is required;
     * rest is the message).
     */
    record Variable(String name, String operator, String rest) {

        boolean mustBeSet() {
            return operator.equals(":?");
        }
    }

    /** One service. Missing values are empty. */
    record Service(String name, Map<String, Object> definition) {

        String text(String key) {
            return String.valueOf(definition.getOrDefault(key, ""));
        }

        List<String> list(String key) {
            return ((List<?>) definition.getOrDefault(key, List.of()))
                    .stream().map(String::valueOf).toList();
        }

        Map<String, Object> map(String key) {
            return mapOf(definition.getOrDefault(key, Map.of()));
        }

        String environment(String key) {
            return String.valueOf(get(map("environment"), key));
        }

        /** The command of the health check as one line. */
        String healthCommand() {
            return String.join(
                    " ",
                    ((List<?>) get(map("healthcheck"), "test"))
                            .stream().map(String::valueOf).toList());
        }

        /** The files and folders of this project that it mounts. */
        Stream<String> mountedPaths() {
            return list("volumes").stream()
                    .map(volume -> volume.substring(0, volume.indexOf(':')))
                    .filter(source -> source.startsWith("."));
        }
    }
}
