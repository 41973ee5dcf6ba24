package io.perch.localstack;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the build has put beside this module's jar: the servers that run as processes of their own.
 *
 * @param target the directory of this module's jar
 */
record Installation(Path target) {

    /** Finds the directory that this class was loaded from, be it a jar or the compiler's output. */
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

    /** The data directory of a user who names none: beside the build's output, so that a clean build keeps it. */
    Path defaultDataDirectory() {
        return target.resolveSibling("data");
    }

    /** Makes sure that the build was whole. */
    void requireWhole() throws StackException {
        List<Path> missing = Stream.of(
                        keycloakZip(), keycloakProviders(), resourceServer(), webConsole(), realm(), demoUsers())
                .filter(file -> !Files.isRegularFile(file))
                .toList();
        if (!missing.isEmpty()) {
            throw new StackException("The build is not whole, " + missing.get(0) + " is missing: start with ./perch");
        }
    }
}
