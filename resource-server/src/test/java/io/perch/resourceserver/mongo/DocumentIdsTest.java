package io.perch.resourceserver.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentIdsTest {

    @Test
    void laterIdsAreGreater() {
        String earlier = DocumentIds.next();
        long begin = System.currentTimeMillis();
        await().until(() -> System.currentTimeMillis() > begin);

        assertThat(DocumentIds.next()).isGreaterThan(earlier);
    }

    @Test
    void idsAreUuidsOfVersion7() {
        assertThat(UUID.fromString(DocumentIds.next()).version()).isEqualTo(7);
    }

    @Test
    void allIdsOfAMomentAreDifferent() {
        assertThat(Stream.generate(DocumentIds::next).limit(100_000).collect(Collectors.toSet()))
                .hasSize(100_000);
    }
}
