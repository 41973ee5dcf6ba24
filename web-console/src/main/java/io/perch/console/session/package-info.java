/** Who is signed in, and the tokens that go with it. */
@NullMarked
package io.perch.console.session;

import org.jspecify.annotations.NullMarked;
