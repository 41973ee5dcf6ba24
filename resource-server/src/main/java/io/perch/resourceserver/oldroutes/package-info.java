/**
 * The endpoints of the services that this one replaces, for clients that know no others.
 *
 * <p>{@link io.perch.resourceserver.oldroutes.OldRoutes} is a table: each row has an old path, the call of Keycloak's auth API that
 * does the same, and the names that the fields had. A request that a row matches is written anew under the new names, goes to
 * Keycloak by Spring Cloud Gateway, and the answer comes back under the old names. No row decides anything: who may sign in, what
 * a password must be like and how often somebody may ask is the auth API's business.
 *
 * <p>Nothing of a request goes on that a row does not name: no header but those that say who asks, no query, no cookie. The
 * address in {@code X-Forwarded-For} is the one that this server sees.
 *
 * <p>One of those services kept its token in a cookie; its rows put the token there and not into the answer. The cookie itself,
 * and what keeps foreign pages from riding on it, is {@code security}'s.
 *
 * <p>May use: {@code security} for the cookie, {@code web}. Nothing uses it; {@code perch.old-routes.enabled} takes it away.
 */
@NullMarked
package io.perch.resourceserver.oldroutes;

import org.jspecify.annotations.NullMarked;
