package io.perch.keycloak.authapi;

/**
 * An error in one value of a request.
 *
 * @param pointer a JSON pointer (RFC 6901) into the body, or {@code ?name} for a query parameter
 * @param detail a description for people; it never contains the value itself
 */
record FieldError(String pointer, String detail) {

    static FieldError of(String member, String detail) {
        return new FieldError("/" + member.replace("~", "~0").replace("/", "~1"), detail);
    }
}
