/** Tests of the rate limits. */
@NullMarked
package io.perch.keycloak.budget;

import org.jspecify.annotations.NullMarked;
