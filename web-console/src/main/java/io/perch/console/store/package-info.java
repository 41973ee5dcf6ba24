/** Data that are needed after a request, in memory or in Redis. Several instances need Redis. */
@NullMarked
package io.perch.console.store;

import org.jspecify.annotations.NullMarked;
