/** The signed-in user and the user's tokens. */
@NullMarked
package io.perch.console.session;

import org.jspecify.annotations.NullMarked;
