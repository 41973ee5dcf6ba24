package io.perch.console.signin;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Links to other pages.
 *
 * @param apiDocs the API's documentation for browsers; null or empty for no link
 */
@Validated
@ConfigurationProperties("perch.links")
record LinkProperties(@Nullable String apiDocs) {}
