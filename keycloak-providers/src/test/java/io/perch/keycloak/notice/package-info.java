/** What users are told about their accounts, in a running server with a mail server. */
@NullMarked
package io.perch.keycloak.notice;

import org.jspecify.annotations.NullMarked;
