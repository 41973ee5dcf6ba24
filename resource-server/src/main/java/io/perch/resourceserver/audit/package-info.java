/**
 * The audit log: who did what, and when.
 *
 * <p>Lines about Keycloak come from user events: sign-ins, refused sign-ins, ended sessions, changes of roles and credentials,
 * actions of administrators. A line is stored before its record's offset is committed, and has the event's ID. So no line is lost
 * or stored twice. An act of a user or moderator on this server is stored in the changed task or account, by the same write, and
 * copied here later (see {@code acts}). Only requests that changed something are recorded, so that refused requests cannot fill
 * the disk. Requests below {@code /admin} are recorded before they are handled, including read-only ones.
 *
 * <p>For requests below {@code /admin}, one thread stores lines in groups, and the caller waits at most a quarter of a second.
 * While the database is unavailable, lines wait in memory. If the queue is full or the server stops, they are written completely
 * to the server's log, and counted. A line that waits in memory is lost if the instance is killed.
 *
 * <p>A line contains IDs, but no user name, e-mail address or profile value: for a change it contains the names of the changed
 * fields. It never contains a secret, a code or a token. Values from outside are truncated and have no control characters. The
 * network address is the actor's. When a user is deleted, the network addresses are removed from all lines of this user, also
 * from lines that are stored later. The lines are kept with the user's ID, which then identifies no person: actions must remain visible, but not who the person was.
 * Lines are kept for a configured time.
 *
 * <p>May use: {@code events}, {@code user}, {@code account}, {@code acts}, {@code mongo}, {@code web}. No package uses it.
 */
@NullMarked
package io.perch.resourceserver.audit;

import org.jspecify.annotations.NullMarked;
