/** Servers that a test starts as processes of their own. */
@NullMarked
package io.perch.systemtests.process;

import org.jspecify.annotations.NullMarked;
