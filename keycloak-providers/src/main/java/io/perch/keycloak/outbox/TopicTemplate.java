package io.perch.keycloak.outbox;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The option {@code topic}: the name of a topic. <code>{realm}</code> in it stands for the name of an event's realm, and <code>
 * {realm-id}</code> for the realm's id. It has no <code>${...}</code>, because Keycloak replaces that in its own way.
 *
 * <p>Kafka allows fewer characters than Keycloak. Letters of ASCII, digits and {@code -} stay. {@code _} becomes {@code __}. Every
 * other byte in UTF-8 becomes {@code _} and two hexadecimal digits. A name that is too long becomes {@code _x} and its SHA-256.
 * {@code .} is escaped too: Kafka does not create two topics that differ only in {@code .} and {@code _}.
 *
 * <p>Only one placeholder is allowed. So two realms never share a topic: with two of them, an administrator could choose a name and
 * an id that give another realm's topic. Other characters are needed beside it. So a realm's administrator, who can rename it,
 * cannot write into any topic.
 *
 * @param text the option's value
 */
record TopicTemplate(String text) {

    private static final String REALM = "{realm}";
    private static final String REALM_ID = "{realm-id}";
    private static final int MAX_LENGTH = 249;
    private static final String SHORTENED = "_x";
    private static final int SHORTENED_LENGTH = SHORTENED.length() + 64;
    private static final Pattern FIXED_PART = Pattern.compile("[A-Za-z0-9._-]+");

    /** Whether Kafka can accept the names that this template gives. */
    boolean isValid() {
        String fixed = fixedPart();
        return FIXED_PART.matcher(fixed).matches()
                && placeholders() <= 1
                && fixed.length() + placeholders() * SHORTENED_LENGTH <= MAX_LENGTH
                && !text.equals(".")
                && !text.equals("..");
    }

    /** Whether realms have different topics. */
    boolean isPerRealm() {
        return placeholders() > 0;
    }

    /** Whether a realm's topic depends on its name. */
    boolean isByName() {
        return text.contains(REALM);
    }

    /**
     * The topic of a row. An event that waited while its realm was renamed goes to the topic of the name that it has inside. An
     * event that was set aside and is replayed goes to the topic of the realm's present name.
     *
     * @throws IllegalArgumentException if the row does not have what the template needs
     */
    String topic(OutboxRow row) {
        String topic = text;
        if (topic.contains(REALM)) {
            String present = row.isReplayed() ? row.presentRealm() : null;
            String name = Optional.ofNullable(present)
                    .or(() -> CloudEvents.realm(row.event()))
                    .orElseThrow(() -> new IllegalArgumentException("The event has no realm for the topic " + text));
            topic = topic.replace(REALM, segment(name));
        }
        if (topic.contains(REALM_ID)) {
            String id = row.realmId();
            if (id == null) {
                throw new IllegalArgumentException("The row has no realm's id for the topic " + text);
            }
            topic = topic.replace(REALM_ID, segment(id));
        }
        return topic;
    }

    private String segment(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        StringBuilder escaped = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            if (isKept(b)) {
                escaped.append((char) b);
            } else if (b == '_') {
                escaped.append("__");
            } else {
                escaped.append('_').append(HexFormat.of().toHexDigits(b));
            }
        }
        int room = MAX_LENGTH - fixedPart().length();
        return escaped.length() <= room ? escaped.toString() : SHORTENED + sha256(bytes);
    }

    private static boolean isKept(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '-';
    }

    private String fixedPart() {
        return text.replace(REALM, "").replace(REALM_ID, "");
    }

    private int placeholders() {
        return count(REALM) + count(REALM_ID);
    }

    private int count(String placeholder) {
        return (text.length() - text.replace(placeholder, "").length()) / placeholder.length();
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            // Every Java has it
            throw new IllegalStateException(e);
        }
    }
}
