package io.perch.resourceserver.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perch.resourceserver.events.UserEvent.Actor;
import io.perch.resourceserver.events.UserEvent.Change;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class UserEventReaderTest {

    private static final String EVENT = """
            {"specversion": "1.0", "id": "e1", "source": "/realms/perch", "type": "io.perch.user.updated", "subject": "u1",
             "time": "2026-03-01T10:00:00.123Z", "datacontenttype": "application/json", "sequence": "0000000000000000042",
             "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "future": {"a": [1]},
             "data": {"realm": "perch", "user_id": "u1", "keycloak_type": "admin:USER/UPDATE", "session_id": "s1",
                      "client_id": "perch-web", "ip_address": "192.0.2.1", "error": "none", "not_before": 1772000000,
                      "actor": {"user_id": "a1", "client_id": "admin-cli", "ip_address": "192.0.2.2", "realm": "master",
                                "future": true},
                      "changed": {"email": {"from": "old@perch.example", "to": "new@perch.example"}, "enabled": {"to": true}},
                      "user": {"username": "u", "email": "new@perch.example", "email_verified": true, "first_name": "F",
                               "last_name": "L", "phone_number": "+1234567890", "roles": ["user", "admin"],
                               "enabled": false, "created_at": "2026-01-01T00:00:00Z", "attributes": {"team": ["x"]}},
                      "future": 1}}
            """;

    private final UserEventReader reader = new UserEventReader(new JsonMapper());

    @Test
    void allMembersAreRead() {
        UserEvent event = read(EVENT);

        assertThat(event.id()).isEqualTo("e1");
        assertThat(event.type()).isEqualTo(UserEventType.UPDATED);
        assertThat(event.typeName()).isEqualTo("io.perch.user.updated");
        assertThat(event.realm()).isEqualTo("perch");
        assertThat(event.userId()).isEqualTo("u1");
        assertThat(event.sequence()).isEqualTo(42);
        assertThat(event.time()).isEqualTo("2026-03-01T10:00:00.123Z");
        assertThat(event.keycloakType()).isEqualTo("admin:USER/UPDATE");
        assertThat(event.sessionId()).isEqualTo("s1");
        assertThat(event.clientId()).isEqualTo("perch-web");
        assertThat(event.ipAddress()).isEqualTo("192.0.2.1");
        assertThat(event.error()).isEqualTo("none");
        assertThat(event.notBefore()).isEqualTo(Instant.ofEpochSecond(1_772_000_000));
        assertThat(event.actor()).isEqualTo(new Actor("a1", "admin-cli", "192.0.2.2", "master"));
        assertThat(event.changed())
                .containsEntry("email", new Change("old@perch.example", "new@perch.example"))
                .containsEntry("enabled", new Change(null, true));
        UserEvent.UserState user = Objects.requireNonNull(event.user());
        assertThat(user.username()).isEqualTo("u");
        assertThat(user.email()).isEqualTo("new@perch.example");
        assertThat(user.emailVerified()).isTrue();
        assertThat(user.firstName()).isEqualTo("F");
        assertThat(user.lastName()).isEqualTo("L");
        assertThat(user.phoneNumber()).isEqualTo("+1234567890");
        assertThat(user.roles()).containsExactly("user", "admin");
        assertThat(user.enabled()).isFalse();
        assertThat(user.createdAt()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void optionalMembersMayBeMissing() {
        UserEvent event = read("""
                {"specversion": "1.0", "id": "e", "source": "/realms/perch", "type": "io.perch.realm.sessions_ended",
                 "time": "2026-03-01T10:00:00Z", "sequence": "1", "data": {"realm": "perch"}}
                """);

        assertThat(event.type()).isEqualTo(UserEventType.REALM_SESSIONS_ENDED);
        assertThat(event.userId()).isNull();
        assertThat(event.user()).isNull();
        assertThat(event.actor()).isNull();
        assertThat(event.notBefore()).isNull();
        assertThat(event.changed()).isEmpty();
    }

    @Test
    void anUnknownTypeIsReadAsOther() {
        UserEvent event = read(EVENT.replace("io.perch.user.updated", "io.perch.user.knighted"));

        assertThat(event.type()).isEqualTo(UserEventType.OTHER);
        assertThat(event.typeName()).isEqualTo("io.perch.user.knighted");
    }

    @ParameterizedTest
    @EnumSource(value = UserEventType.class, mode = EnumSource.Mode.EXCLUDE, names = "OTHER")
    void everyTypeIsReadByItsName(UserEventType type) {
        assertThat(read(EVENT.replace("io.perch.user.updated", type.wireName())).type())
                .isEqualTo(type);
    }

    @Test
    void noTwoTypesHaveTheSameName() {
        assertThat(Arrays.stream(UserEventType.values()).map(UserEventType::wireName))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"specversion\": \"1.0\" | \"specversion\": \"0.3\"",
                "\"specversion\": \"1.0\", | ''",
                "\"id\": \"e1\", | ''",
                "\"id\": \"e1\" | \"id\": \" \"",
                "\"source\": \"/realms/perch\", | ''",
                "\"type\": \"io.perch.user.updated\", | ''",
                "\"subject\": \"u1\" | \"subject\": \"u2\"",
                "2026-03-01T10:00:00.123Z | yesterday",
                "\"time\": \"2026-03-01T10:00:00.123Z\", | ''",
                "\"sequence\": \"0000000000000000042\", | ''",
                "0000000000000000042 | -42",
                "0000000000000000042 | 4e2",
                "0000000000000000042 | 00000000000000000042",
                "0000000000000000042 | 9999999999999999999",
                "\"realm\": \"perch\", | ''",
                "\"username\": \"u\", | ''",
                "\"enabled\": false | \"enabled\": \"maybe\"",
                "2026-01-01T00:00:00Z | 1767225600",
                "[\"user\", \"admin\"] | {\"user\": true}",
                "1772000000 | \"soon\"",
                "\"data\": | \"data_base64\":"
            })
    void anInvalidEventIsRefused(String intact, String broken) {
        assertThat(EVENT).contains(intact);

        assertUnreadable(EVENT.replace(intact, broken));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "42", "{", "not json", "{}", "{\"data\": null}"})
    void aValueThatIsNoEventIsRefused(String value) {
        assertUnreadable(value);
    }

    @Test
    void theMessageShowsNoValueOfTheEvent() {
        assertThatThrownBy(() -> read(EVENT.replace("\"email_verified\": true", "\"email_verified\": \"secret\"")))
                .isInstanceOf(UnreadableUserEventException.class)
                .message()
                .contains("email_verified")
                .doesNotContain("secret");
    }

    private void assertUnreadable(String value) {
        assertThatThrownBy(() -> read(value)).isInstanceOf(UnreadableUserEventException.class);
    }

    private UserEvent read(String value) {
        return reader.read(value.getBytes(StandardCharsets.UTF_8));
    }
}
