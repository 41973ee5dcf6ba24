package io.perch.resourceserver.events;

import java.lang.reflect.Type;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.support.converter.ConversionException;
import org.springframework.kafka.support.converter.MessagingMessageConverter;

/** Gives listeners an event where the record has bytes, whatever its headers claim. */
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
            throw new ConversionException("The record is no event of a user: " + e.getMessage(), record, e);
        }
    }
}
