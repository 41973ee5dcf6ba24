package io.perch.keycloak.steps;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class GuideTest {

    @Test
    void theGuideShowsTheExampleThatTheTestsRun() throws IOException {
        String example = Files.readString(Path.of("src/test/java/io/perch/example/members/MemberNumberStep.java"));
        String guide = Files.readString(Path.of("../docs/guides/first-party-apps.md"));
        assertTrue(guide.contains("```java\n" + example + "```"), example);
    }
}
