/**
 * A client for each old service, written from that service's document alone, and what becomes of it at the new base URL.
 *
 * <p>A client has a method for each endpoint that its document names, and knows of nothing else: not of Keycloak, not of
 * problems, not of the other services. What a document leaves open, such as the names of fields, is as in
 * {@code docs/old-routes.md}. Few users register here: registrations and mails of one network address are limited.
 */
@NullMarked
package io.perch.systemtests.oldroutes;

import org.jspecify.annotations.NullMarked;
