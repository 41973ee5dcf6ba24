/** Servers that a test starts in their own processes. */
@NullMarked
package io.perch.systemtests.process;

import org.jspecify.annotations.NullMarked;
