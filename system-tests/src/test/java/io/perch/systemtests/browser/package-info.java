/**
 * What a person does in a browser, in a real one: signing up, signing in, resetting a password, with the codes read from
 * the mails. Skipped, with a line that says so, where no Chromium is installed.
 */
@NullMarked
package io.perch.systemtests.browser;

import org.jspecify.annotations.NullMarked;
