package io.perch.resourceserver.web;

/**
 * One invalid field of a request, in the format of RFC 9457's example.
 *
 * @param pointer a JSON Pointer (RFC 6901) as a URI fragment, or the parameter's name
 * @param detail what is wrong with it
 */
record FieldError(String pointer, String detail) {

    static FieldError ofProperty(String name, String detail) {
        return new FieldError("#/" + name.replace("~", "~0").replace("/", "~1"), detail);
    }
}
