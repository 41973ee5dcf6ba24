/** What the documents say about the public interface for steps. */
@NullMarked
package io.perch.keycloak.steps;

import org.jspecify.annotations.NullMarked;
