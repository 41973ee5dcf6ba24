package io.perch.keycloak.outbox;

/** Nothing can be sent to a realm's topic now: it does not exist, or Kafka refuses it, or acknowledges nothing. */
final class UnavailableTopicException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String topic;
    private final boolean isSilent;

    private UnavailableTopicException(String topic, String reason, Exception cause, boolean isSilent) {
        super(reason, cause);
        this.topic = topic;
        this.isSilent = isSilent;
    }

    /** Kafka says that the topic is not available. */
    static UnavailableTopicException refused(String topic, Exception cause) {
        return new UnavailableTopicException(
                topic, cause.getClass().getSimpleName() + ": " + cause.getMessage(), cause, false);
    }

    /** Kafka acknowledges no record of the topic. */
    static UnavailableTopicException silent(String topic, Exception cause) {
        return new UnavailableTopicException(topic, String.valueOf(cause.getMessage()), cause, true);
    }

    String topic() {
        return topic;
    }

    /** Whether it is known only after a wait. */
    boolean isSilent() {
        return isSilent;
    }
}
