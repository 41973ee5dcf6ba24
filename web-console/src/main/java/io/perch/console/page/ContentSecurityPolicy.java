package io.perch.console.page;

import org.springframework.stereotype.Component;

/** The Content Security Policy (Level 3, with Trusted Types). A page loads and runs only what this server sends. */
@Component
public class ContentSecurityPolicy {

    private final String directives;

    ContentSecurityPolicy(Shell shell) {
        directives = String.join(
                "; ",
                "default-src 'none'",
                "script-src 'self' 'sha256-" + shell.scriptHash() + "'",
                "style-src 'self'",
                "img-src 'self'",
                "font-src 'self'",
                "connect-src 'self'",
                "manifest-src 'self'",
                "object-src 'none'",
                "form-action 'self'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types lit-html");
    }

    /** Returns the value of the header. */
    public String directives() {
        return directives;
    }
}
