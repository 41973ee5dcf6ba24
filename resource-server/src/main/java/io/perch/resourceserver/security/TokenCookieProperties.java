package io.perch.resourceserver.security;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Whether browsers may keep an access token in a cookie.
 *
 * @param accepted whether a cookie counts
 */
@ConfigurationProperties("perch.token-cookie")
record TokenCookieProperties(boolean accepted) {}
