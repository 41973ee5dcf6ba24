package io.perch.resourceserver.sentry;

import io.sentry.Hint;
import io.sentry.SentryEvent;
import io.sentry.SentryOptions;
import io.sentry.protocol.Message;
import io.sentry.protocol.SentryException;
import org.springframework.stereotype.Component;

/** Removes from each report what can have personal data or secrets. Sentry calls it before it sends an event. */
@Component
class ReportMinimizer implements SentryOptions.BeforeSendCallback {

    @Override
    public SentryEvent execute(SentryEvent event, Hint hint) {
        hint.clear();
        event.setUser(null);
        event.setRequest(null);
        event.setBreadcrumbs(null);
        event.setExtras(null);
        event.setServerName(null);
        Message message = event.getMessage();
        if (message != null) {
            // The template has placeholders in place of the arguments
            message.setFormatted(null);
            message.setParams(null);
        }
        if (event.getExceptions() != null) {
            for (SentryException exception : event.getExceptions()) {
                // For example, the text of a duplicate key error has the document's values
                exception.setValue(null);
            }
        }
        return event;
    }
}
