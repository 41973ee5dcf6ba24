package io.perch.resourceserver.web;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One invalid field of a request, in the format of RFC 9457's example.
 *
 * @param pointer a JSON Pointer (RFC 6901) as a URI fragment, or the parameter's name
 * @param detail what is wrong with it
 */
record FieldError(String pointer, String detail) {

    static FieldError ofProperty(String name, String detail) {
        return ofPath(List.of(name), detail);
    }

    /** Creates the error of a field in an object of the body, by the names on the path to it. */
    static FieldError ofPath(List<String> names, String detail) {
        String pointer = names.stream()
                .map(name -> name.replace("~", "~0").replace("/", "~1"))
                .collect(Collectors.joining("/", "#/", ""));
        return new FieldError(pointer, detail);
    }
}
