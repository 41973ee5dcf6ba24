/** Reported problems of other systems, tried on this one. The name of each test says what the user gets. */
@NullMarked
package io.perch.systemtests.trials;

import org.jspecify.annotations.NullMarked;
