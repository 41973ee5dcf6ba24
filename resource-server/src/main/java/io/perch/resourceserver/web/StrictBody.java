package io.perch.resourceserver.web;

import java.util.Map;

/**
 * A request body that stores unknown fields, so that all of them can be refused together with all other invalid fields. The
 * implementing record component has {@code @JsonAnySetter} and {@code @Size(max = 0)}.
 */
public interface StrictBody {

    /** The component's name in validation errors. */
    String UNKNOWN_FIELDS = "unknownFields";

    /** Returns the request's unknown fields, by name; empty if there are none. */
    Map<String, Object> unknownFields();
}
