/**
 * Sends mails in the background after the request has committed, and retries them if the mail server does not accept them.
 *
 * <p>If a request waited for the mail server, its response time would show who gets a mail, and it would fail together with the
 * mail server. Therefore a feature gives a {@link io.perch.keycloak.mail.Mail} to a {@link io.perch.keycloak.mail.MailSender},
 * which uses a {@link io.perch.keycloak.mail.MailQueue}. Each feature has its own queue, so that no feature waits for another.
 *
 * <p>The package may use Keycloak's SPIs and metrics, and no other feature.
 */
@NullMarked
package io.perch.keycloak.mail;

import org.jspecify.annotations.NullMarked;
