/** What holds for the jar of providers as a whole: the dependencies between its features, and what is packed. */
@NullMarked
package io.perch.keycloak;

import org.jspecify.annotations.NullMarked;
