package io.perch.resourceserver.task;

import org.springframework.core.convert.converter.Converter;
import org.springframework.stereotype.Component;

/** Reads a task's status from a query parameter by the name that it has in JSON. */
@Component
class StatusParameter implements Converter<String, TaskStatus> {

    @Override
    public TaskStatus convert(String name) {
        return TaskStatus.ofWireName(name);
    }
}
