package io.perch.keycloak.authapi;

/**
 * What is wrong with one value of a request.
 *
 * @param pointer where it is: a JSON pointer (RFC 6901) into the body, or {@code ?name} for a query parameter
 * @param detail what is wrong, in words for people, never with the value itself
 */
record FieldError(String pointer, String detail) {

    static FieldError of(String member, String detail) {
        return new FieldError("/" + member.replace("~", "~0").replace("/", "~1"), detail);
    }
}
