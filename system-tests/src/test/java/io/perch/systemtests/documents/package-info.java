/**
 * Compares the documents with each other and with the code: links have targets, named tests exist, every document is listed, and
 * the tables are complete. The tests whose names end with {@code IT} run the commands of the documents on the running system. The
 * others need no system.
 */
@NullMarked
package io.perch.systemtests.documents;

import org.jspecify.annotations.NullMarked;
