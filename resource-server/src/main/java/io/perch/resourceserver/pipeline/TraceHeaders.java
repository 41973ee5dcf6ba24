package io.perch.resourceserver.pipeline;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Propagates a request's trace to its login in record headers (W3C Trace Context). Only sampled traces are propagated. */
class TraceHeaders {

    private final Tracer tracer;
    private final Propagator propagator;

    TraceHeaders(Tracer tracer, Propagator propagator) {
        this.tracer = tracer;
        this.propagator = propagator;
    }

    void inject(Headers headers) {
        TraceContext context = tracer.currentTraceContext().context();
        if (context != null && Boolean.TRUE.equals(context.sampled())) {
            propagator.inject(
                    context,
                    headers,
                    (unused, name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Returns a builder for a span with the record's trace as parent; null if the record has no trace. */
    Span.@Nullable Builder extract(Headers headers) {
        if (headers.lastHeader("traceparent") == null) {
            return null;
        }
        return propagator.extract(headers, (unused, name) -> {
            Header header = headers.lastHeader(name);
            return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
        });
    }

    /** Runs an action in a span; without a builder, runs it without a span. */
    void run(Span.@Nullable Builder trace, Runnable action) {
        if (trace == null) {
            action.run();
            return;
        }
        Span span = trace.name("twitter login").start();
        Tracer.SpanInScope scope = tracer.withSpan(span);
        try {
            action.run();
        } finally {
            scope.close();
            span.end();
        }
    }
}
