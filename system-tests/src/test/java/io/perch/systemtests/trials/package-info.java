/** What people report of other systems, tried on this one: each test is named after what the user gets. */
@NullMarked
package io.perch.systemtests.trials;

import org.jspecify.annotations.NullMarked;
