package io.perch.localstack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProgramTest {

    @TempDir
    private Path data;

    private Path built;
    private Path own;

    @BeforeEach
    void build() throws IOException {
        built = data.resolve("built.jar");
        own = Files.createDirectory(data.resolve("own"));
        writeJar("1");
    }

    @Test
    void aJarThatCannotBeUnpackedStartsWithoutCache() throws Exception {
        ServerProgram program = program();

        Path copy = own.resolve("resource-server.jar");
        assertThat(program.command("-Xmx1m")).containsExactly(ChildProcess.java(), "-Xmx1m", "-jar", copy.toString());
        assertThat(copy).hasSameBinaryContentAs(built);
        program.makeCache(System.getenv(), data.resolve("log"), new PidFile(data.resolve("pid")));
        program.stop();
        assertThat(own.resolve("unpacked").resolve("resource-server.aot")).doesNotExist();
    }

    @Test
    void aNewBuildReplacesThePreviousOne() throws Exception {
        program();
        writeJar("another one, and longer");

        program();

        assertThat(own.resolve("resource-server.jar")).hasSameBinaryContentAs(built);
    }

    @Test
    void anExistingCacheIsUsed() throws Exception {
        Path unpacked = Files.createDirectory(own.resolve("unpacked"));
        Path cache = Files.createFile(unpacked.resolve("resource-server.aot"));
        Files.writeString(
                own.resolve("unpacked.of"),
                Files.size(built) + " " + Files.getLastModifiedTime(built) + " " + Runtime.version());

        assertThat(program().command("-Xmx1m"))
                .containsExactly(
                        ChildProcess.java(),
                        "-Xmx1m",
                        "-XX:AOTCache=" + cache,
                        "-jar",
                        unpacked.resolve("resource-server.jar").toString());
    }

    private ServerProgram program() throws IOException, InterruptedException {
        return ServerProgram.of(built, own, data.resolve("log"), new PidFile(data.resolve("pid")));
    }

    private void writeJar(String content) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Content", content);
        try (OutputStream out = Files.newOutputStream(built)) {
            new JarOutputStream(out, manifest).close();
        }
    }
}
