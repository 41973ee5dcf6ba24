package io.perch.console.page;

import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Returns the shell for the address of every page. The shell has no user data, so browsers may cache it. */
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
