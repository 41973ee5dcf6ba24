package io.perch.resourceserver.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Responds at the root path with a greeting. */
@Tag(name = "Perch")
@RestController
class RootController {

    /** The greeting, and the path of the documentation. */
    record Greeting(String message, String docs) {}

    @Operation(summary = "Returns a greeting")
    @GetMapping(path = "/", produces = MediaType.APPLICATION_JSON_VALUE)
    Greeting greet() {
        return new Greeting("Welcome to Perch", "/docs");
    }
}
