/** Tests of the console with a Keycloak and APIs that are made up here, each a server of its own. */
@NullMarked
package io.perch.console;

import org.jspecify.annotations.NullMarked;
