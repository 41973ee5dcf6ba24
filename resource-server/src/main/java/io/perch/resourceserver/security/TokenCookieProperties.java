package io.perch.resourceserver.security;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Whether browsers may keep an access token in a cookie.
 *
 * @param accepted whether the cookie is accepted
 * @param withoutTls whether a browser on this machine also gets a cookie over plain HTTP. Do not set it if a proxy runs on this
 *     machine: all its clients then seem to be local
 */
@ConfigurationProperties("perch.token-cookie")
record TokenCookieProperties(boolean accepted, boolean withoutTls) {}
