package io.perch.console.page;

import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Answers the address of every page with the shell. It has nothing of the user, so that it may be kept. */
@RestController
class ShellController {

    private final Shell shell;

    ShellController(Shell shell) {
        this.shell = shell;
    }

    @GetMapping({
        "/",
        "/logins/{*rest}",
        "/accounts/{*rest}",
        "/me/{*rest}",
        "/moderation/{*rest}",
        "/admin/{*rest}",
        "/signed-in"
    })
    ResponseEntity<String> page() {
        return ResponseEntity.ok()
                .contentType(MediaType.TEXT_HTML)
                .cacheControl(CacheControl.noCache())
                .eTag(shell.eTag())
                .body(shell.html());
    }
}
