package io.perch.resourceserver.events;

import java.lang.reflect.Type;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.support.converter.ConversionException;
import org.springframework.kafka.support.converter.MessagingMessageConverter;

/** Converts a record's bytes to an event for listeners, and ignores type headers. */
class UserEventConverter extends MessagingMessageConverter {

    private final UserEventReader reader;

    UserEventConverter(UserEventReader reader) {
        this.reader = reader;
    }

    @Override
    protected Object extractAndConvertValue(ConsumerRecord<?, ?> record, @Nullable Type type) {
        try {
            return reader.read((byte[]) record.value());
        } catch (UnreadableUserEventException e) {
            throw new ConversionException("The record is not a user event: " + e.getMessage(), record, e);
        }
    }
}
