/**
 * A client for each old service, written from that service's document, and tests that call the same paths at the new
 * base URL.
 *
 * <p>A client has a method for each endpoint in its document, and nothing else: it does not use Keycloak, the problem
 * types or the other services. Names that a document does not define, such as those of fields, are as in
 * {@code docs/old-routes.md}. Only a few tests register users here, because registrations and mails of one network address are
 * limited.
 */
@NullMarked
package io.perch.systemtests.oldroutes;

import org.jspecify.annotations.NullMarked;
