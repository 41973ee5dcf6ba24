/**
 * Tests in a real browser: registration, sign-in, and password reset with the codes from the mails. They are skipped
 * with a message if no Chromium is installed.
 */
@NullMarked
package io.perch.systemtests.browser;

import org.jspecify.annotations.NullMarked;
