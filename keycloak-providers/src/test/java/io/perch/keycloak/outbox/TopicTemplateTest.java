package io.perch.keycloak.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.internals.Topic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTemplateTest {

    private static final String ID = "4f0c1d4e-93a3-4a1e-8d3c-2f4f4f0a7c11";

    @ParameterizedTest
    @CsvSource({
        "user-events, perch, user-events",
        "user-events-{realm}, perch, user-events-perch",
        "{realm}.events, Perch-2, Perch-2.events",
        "{realm}, my_realm, my__realm",
        "{realm}, perch.example, perch_2eexample",
        "{realm}, a+b c, a_2bb_20c",
        "{realm}, köln, k_c3_b6ln",
        "{realm}, .., _2e_2e",
        "events-{realm-id}, perch, events-" + ID
    })
    void aRealmsNameBecomesPartOfTheTopic(String template, String realm, String topic) {
        assertEquals(topic, new TopicTemplate(template).topic(row(realm, ID)));
        Topic.validate(topic);
    }

    /** As Kafka compares them: it does not create two topics that differ only in dots and underscores. */
    @Test
    void noTwoRealmsShareATopic() {
        TopicTemplate template = new TopicTemplate("{realm}");
        List<String> realms = List.of(
                "a.b",
                "a_b",
                "a__b",
                "a-b",
                "a_2eb",
                "a_5fb",
                "a b",
                "A.b",
                "ä",
                "a\u0308",
                "_",
                "__",
                "_x",
                "x",
                "l".repeat(255),
                "l".repeat(254),
                "ü".repeat(255),
                "_x" + "0".repeat(64));

        Set<String> topics = new HashSet<>();
        realms.forEach(realm -> topics.add(template.topic(row(realm, ID)).replace('.', '_')));

        assertEquals(realms.size(), topics.size(), topics::toString);
    }

    @Test
    void aNameThatIsTooLongIsShortened() {
        String prefix = "p".repeat(183);

        String topic = new TopicTemplate(prefix + "{realm}").topic(row("ü".repeat(255), ID));

        assertEquals(249, topic.length());
        assertTrue(topic.startsWith(prefix + "_x"), topic);
        Topic.validate(topic);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", ".", "..", "{realm", "{user}", "${realm}", ""})
    void aTemplateThatKafkaCannotAcceptIsNotValid(String template) {
        assertFalse(new TopicTemplate(template).isValid(), template);
    }

    /** With the bare template a realm's administrator chooses the whole name, and so any topic. */
    @ParameterizedTest
    @ValueSource(strings = {"{realm}", "{realm-id}"})
    void aTemplateNeedsAFixedPart(String template) {
        assertFalse(new TopicTemplate(template).isValid(), template);
    }

    /** An administrator can choose a realm's id. With both, the realms (a, b-c) and (a-b, c) would have one topic. */
    @ParameterizedTest
    @ValueSource(strings = {"events-{realm}-{realm-id}", "events-{realm}{realm-id}", "events-{realm}-{realm}"})
    void aTemplateHasOnePlaceholderAtMost(String template) {
        assertFalse(new TopicTemplate(template).isValid(), template);
    }

    @Test
    void aTemplateMustLeaveRoomForTheRealm() {
        assertTrue(new TopicTemplate("p".repeat(249)).isValid());
        assertFalse(new TopicTemplate("p".repeat(250)).isValid());
        assertTrue(new TopicTemplate("p".repeat(183) + "{realm}").isValid());
        assertFalse(new TopicTemplate("p".repeat(184) + "{realm}").isValid());
    }

    /** The event has the name that the realm had. A consumer of the old topic learns that the realm was renamed. */
    @Test
    void anEventOfARenamedRealmHasTheTopicOfItsOwnName() {
        TopicTemplate template = new TopicTemplate("{realm}");

        assertEquals("before", template.topic(row("before", ID)));
        assertEquals("after", template.topic(row("after", ID)));
    }

    @Test
    void anEventWithoutARealmCannotBeSent() {
        assertThrows(IllegalArgumentException.class, () -> new TopicTemplate("{realm}")
                .topic(new OutboxRow(3, ID, "key", "id", "{no JSON", 0, null)));
        assertThrows(IllegalArgumentException.class, () -> new TopicTemplate("{realm-id}").topic(row("perch", null)));
    }

    private static OutboxRow row(String realm, @Nullable String realmId) {
        OutboxEvent event = new OutboxEvent(EventKind.LOGGED_IN, "id", 0, ID, realm, "user", Map.of());
        OutboxRow row = CloudEvents.row(event, Map.of("realm", realm), null);
        return new OutboxRow(row.format(), realmId, row.key(), row.eventId(), row.event(), row.createdAt(), null);
    }
}
