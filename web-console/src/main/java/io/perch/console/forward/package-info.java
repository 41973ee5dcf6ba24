/** The calls that go on to the resource server and to the auth API, and nothing else. */
@NullMarked
package io.perch.console.forward;

import org.jspecify.annotations.NullMarked;
