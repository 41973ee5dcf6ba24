package io.perch.resourceserver;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A controller with an error, to test the answer. */
@RestController
class FaultyController {

    static final String SECRET = "the-inside-of-the-server";

    @GetMapping("/faulty")
    String fail() {
        throw new IllegalStateException(SECRET);
    }
}
