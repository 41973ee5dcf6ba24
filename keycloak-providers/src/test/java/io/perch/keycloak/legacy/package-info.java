/** Tests of the import from old databases, with real database servers, a real Keycloak and sign-ins of users. */
@NullMarked
package io.perch.keycloak.legacy;

import org.jspecify.annotations.NullMarked;
