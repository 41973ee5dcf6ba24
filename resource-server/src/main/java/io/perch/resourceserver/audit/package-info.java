/**
 * Who did what when.
 *
 * <p>What happened in Keycloak (sign-ins, refused ones, ends of sessions, changes of roles and credentials, what administrators
 * did) comes from the events of users: a line is written before its record counts as read, and has the event's id, so that none
 * is lost and none is twice. What users and moderators do here is stored
 * in the task or account that they change, by the same write, and is copied here later (see {@code acts}). Only what changed something is written, so that nobody fills the disk
 * with refused calls. Calls below {@code /admin} are written before they are carried out, those that only read among them.
 *
 * <p>A line must not cost its caller anything: it is handed to one thread, which writes together what comes together, and the
 * caller waits for it a quarter of a second at most. While the database is unavailable lines wait in memory; those that find no room, or
 * are left when the server stops, go to the log in full and are counted. An instance that is killed between an act and its line
 * loses that line: a moment, in which the act itself stands in the task.
 *
 * <p>A line has ids, and no user name, e-mail address or value of a profile: of a change it says which fields. It never has a
 * secret, a code or a token. What others sent is cut to a length and has no control characters. The network address is the
 * actor's. When a user is deleted, the addresses go from all lines of that user, and the lines stay, with an id that means nobody
 * any more: what was done must remain to be seen, by whom in person need not. Lines are kept for a configured time.
 *
 * <p>May use: {@code events}, {@code user}, {@code task}, {@code account} (their events), {@code web}. Nobody uses it.
 */
@NullMarked
package io.perch.resourceserver.audit;

import org.jspecify.annotations.NullMarked;
