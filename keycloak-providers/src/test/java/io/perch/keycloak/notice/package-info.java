/** Tests of the notices to users, with a running server and a mail server. */
@NullMarked
package io.perch.keycloak.notice;

import org.jspecify.annotations.NullMarked;
