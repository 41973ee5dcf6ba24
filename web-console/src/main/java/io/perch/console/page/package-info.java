/** The static pages: the shell, its files and the Content Security Policy. */
@NullMarked
package io.perch.console.page;

import org.jspecify.annotations.NullMarked;
