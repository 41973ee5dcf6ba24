package io.perch.console.signin;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.validation.annotation.Validated;

/**
 * Pages elsewhere that the console links to.
 *
 * @param apiDocs the API's documentation as browsers reach it; null or empty for no link
 */
@Validated
@ConfigurationProperties("perch.links")
record LinkProperties(@Nullable String apiDocs) {}
