package io.perch.resourceserver.web;

import java.util.Map;

/**
 * A request body that remembers the fields it does not know, so that all of them can be refused at once, together with
 * every other invalid field. The record component that implements it carries {@code @JsonAnySetter} and
 * {@code @Size(max = 0)}.
 */
public interface StrictBody {

    /** The component's name, by which validation errors refer to it. */
    String UNKNOWN_FIELDS = "unknownFields";

    /** Returns the fields of the request that its type does not have, by name; empty where there are none. */
    Map<String, Object> unknownFields();
}
