/** Tests of the console with simulated servers for Keycloak and the APIs. */
@NullMarked
package io.perch.console;

import org.jspecify.annotations.NullMarked;
