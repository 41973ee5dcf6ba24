package io.perch.resourceserver.security;

import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Whether browsers may keep an access token in a cookie.
 *
 * @param accepted whether a cookie counts
 * @param withoutTls whether a browser on this machine that comes without TLS gets one too; never where a proxy runs beside this
 *     server, because everybody who comes through it seems to be on this machine
 */
@ConfigurationProperties("perch.token-cookie")
record TokenCookieProperties(boolean accepted, boolean withoutTls) {}
