package io.perch.keycloak.outbox;

import io.opentelemetry.api.trace.SpanContext;
import jakarta.enterprise.context.ContextNotActiveException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.keycloak.models.KeycloakSession;
import org.keycloak.tracing.TracingProvider;

/** The trace that a request belongs to, as the header {@code traceparent} of W3C Trace Context. */
final class Traceparent {

    private static final Pattern FORM = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

    private Traceparent() {}

    /** Keycloak's own span where it traces, or else what the caller has sent; null where there is neither. */
    static @Nullable String of(KeycloakSession session) {
        SpanContext span =
                session.getProvider(TracingProvider.class).getCurrentSpan().getSpanContext();
        if (span.isValid()) {
            return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                    + span.getTraceFlags().asHex();
        }
        try {
            String header =
                    session.getContext().getHttpRequest().getHttpHeaders().getHeaderString("traceparent");
            return header != null && FORM.matcher(header).matches() ? header : null;
        } catch (ContextNotActiveException e) {
            // Work in the background
            return null;
        }
    }
}
