/** Tests of the move from old databases: real database servers, a real Keycloak, sign-ins as users make them. */
@NullMarked
package io.perch.keycloak.legacy;

import org.jspecify.annotations.NullMarked;
