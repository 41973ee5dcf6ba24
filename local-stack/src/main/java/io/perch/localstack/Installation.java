package io.perch.localstack;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files that the build has put next to this module's jar: the servers that run in their own processes.
 *
 * @param target the directory of this module's jar
 */
record Installation(Path target) {

    /** The directory from which this class was loaded. It has a jar, or the output of the compiler. */
    static Installation ofThisJar() {
        try {
            var code = Path.of(Installation.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return new Installation(code.toAbsolutePath().resolveSibling("").normalize());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Path keycloakZip() {
        return target.resolve("stack").resolve("keycloak.zip");
    }

    Path keycloakProviders() {
        return target.resolve("stack").resolve("keycloak-providers.jar");
    }

    Path resourceServer() {
        return target.resolve("stack").resolve("resource-server.jar");
    }

    Path webConsole() {
        return target.resolve("stack").resolve("web-console.jar");
    }

    Path realm() {
        return target.resolve("stack").resolve("realm-export").resolve("perch-realm.json");
    }

    Path demoUsers() {
        return target.resolve("stack").resolve("realm-export").resolve("perch-demo-users.json");
    }

    /**
     * The data directory if the user sets none. It is outside of the build output, so that a clean build does not
     * delete it.
     */
    Path defaultDataDirectory() {
        return target.resolveSibling("data");
    }

    /** Checks that the build has written all files. */
    void requireComplete() throws StackException {
        List<Path> missing = Stream.of(
                        keycloakZip(), keycloakProviders(), resourceServer(), webConsole(), realm(), demoUsers())
                .filter(file -> !Files.isRegularFile(file))
                .toList();
        if (!missing.isEmpty()) {
            throw new StackException(
                    "The build is not complete, " + missing.get(0) + " is missing: start with ./perch");
        }
    }
}
