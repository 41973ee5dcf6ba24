/** Tests of OAuth 2.0 for First-Party Applications. */
@NullMarked
package io.perch.keycloak.firstparty;

import org.jspecify.annotations.NullMarked;
