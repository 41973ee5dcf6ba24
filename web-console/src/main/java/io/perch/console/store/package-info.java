/** What outlives a request: in memory, or in Redis where several instances run. */
@NullMarked
package io.perch.console.store;

import org.jspecify.annotations.NullMarked;
