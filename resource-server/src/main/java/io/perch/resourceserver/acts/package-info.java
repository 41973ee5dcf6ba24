/**
 * Acts: audited actions of users and moderators on tasks and accounts, stored in the changed document.
 *
 * <p>An act is part of the write that it describes. So an acknowledged change and its act exist together or not at all, and the
 * request needs no second write. The package that owns the document copies its acts to the audit log with {@link
 * io.perch.resourceserver.acts.ActLog}, and removes them afterwards. An act has an ID, so copying it twice results in one line.
 *
 * <p>May use: {@code mongo}.
 */
@NullMarked
package io.perch.resourceserver.acts;

import org.jspecify.annotations.NullMarked;
