package io.perch.keycloak.outbox;

import io.opentelemetry.api.trace.SpanContext;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.tracing.TracingProvider;

/** The trace of a request, as the header {@code traceparent} of W3C Trace Context. */
final class Traceparent {

    private static final Logger LOG = Logger.getLogger(Traceparent.class);

    private static final Pattern FORM = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private Traceparent() {}

    /** Keycloak's own span if tracing is on, else the header of the request; null if there is neither. */
    static @Nullable String of(KeycloakSession session) {
        try {
            SpanContext span =
                    session.getProvider(TracingProvider.class).getCurrentSpan().getSpanContext();
            return span.isValid()
                    ? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                            + span.getTraceFlags().asHex()
                    : ofRequest(session);
        } catch (RuntimeException e) {
            // Background work has no request, or an incomplete one. A missing trace must not prevent the event
            LOG.debug("Outbox: no trace", e);
            return null;
        }
    }

    private static @Nullable String ofRequest(KeycloakSession session) {
        HttpHeaders headers = session.getContext().getHttpRequest().getHttpHeaders();
        String header = headers == null ? null : headers.getHeaderString("traceparent");
        return header != null && FORM.matcher(header).matches() ? header : null;
    }
}
