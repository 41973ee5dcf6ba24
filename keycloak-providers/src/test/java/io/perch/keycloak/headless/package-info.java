/** What the flows without a browser promise. */
@NullMarked
package io.perch.keycloak.headless;

import org.jspecify.annotations.NullMarked;
