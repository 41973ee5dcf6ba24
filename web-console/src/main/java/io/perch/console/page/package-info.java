/** The static pages: one shell, the files that it loads, and what they may load. */
@NullMarked
package io.perch.console.page;

import org.jspecify.annotations.NullMarked;
