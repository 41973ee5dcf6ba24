package io.perch.resourceserver.web;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Greets whoever comes to the front door. */
@RestController
class RootController {

    /** The greeting: where to read on. */
    record Greeting(String message, String docs) {}

    @GetMapping("/")
    Greeting greet() {
        return new Greeting("Welcome to Perch", "/docs");
    }
}
