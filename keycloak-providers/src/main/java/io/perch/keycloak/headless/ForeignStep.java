package io.perch.keycloak.headless;

import io.perch.keycloak.steps.StepDescription;
import io.perch.keycloak.steps.StepProvider;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A step that another extension describes. Its code is called only here. Names that its description does not have go
 * neither to Keycloak nor to the client: like an exception of its code they end the request, as a fault of the server.
 */
final class ForeignStep {

    private final String id;
    private final StepDescription description;

    private ForeignStep(String id, StepDescription description) {
        this.id = id;
        this.description = description;
    }

    /**
     * The step.
     *
     * @param id of the provider
     */
    static Step of(String id, StepDescription description) {
        ForeignStep foreign = new ForeignStep(id, description);
        return new Step(
                description.type(),
                description.fields(),
                foreign::details,
                foreign::form,
                foreign::asksFor,
                form -> description.showsWhoHasAnAccount(),
                description.provesMoreThanAName(),
                true);
    }

    private boolean asksFor(StepContext context, String field) {
        return run(() -> provider(context).asksFor(field, context.page()));
    }

    private Map<String, Object> details(StepContext context) {
        Map<String, Object> given = run(() -> provider(context).details(context.page()));
        checkNames("detail", given.keySet(), description.details());
        Map<String, Object> details = new HashMap<>();
        given.forEach((name, value) -> details.put(name, json(name, value)));
        return details;
    }

    private Optional<MultivaluedMap<String, String>> form(StepContext context, Entry entry) {
        Map<String, String> members = new HashMap<>();
        description.fields().forEach(field -> entry.get(field).ifPresent(value -> members.put(field, value)));
        Optional<Map<String, String>> form = run(() -> provider(context).form(Map.copyOf(members)));
        return form.map(parameters -> {
            checkNames("form parameter", parameters.keySet(), description.formParameters());
            MultivaluedMap<String, String> all = new MultivaluedHashMap<>();
            Map.copyOf(parameters).forEach(all::putSingle);
            return all;
        });
    }

    private StepProvider provider(StepContext context) {
        StepProvider provider = context.session().getProvider(StepProvider.class, id);
        if (provider == null) {
            throw fault("has made no provider", null);
        }
        return provider;
    }

    private <T> T run(Supplier<@Nullable T> code) {
        T result;
        try {
            result = code.get();
        } catch (LinkageError e) {
            throw fault("was compiled for another version", e);
        }
        if (result == null) {
            throw fault("has returned null", null);
        }
        return result;
    }

    private void checkNames(String what, Collection<String> given, List<String> described) {
        for (String name : given) {
            // A list that cannot be changed throws if it is asked for null
            if (name == null || !described.contains(name)) {
                throw fault("has the " + what + " " + name + ", which its description does not name", null);
            }
        }
    }

    // Anything else would be written with all its properties, such as those of a user
    private Object json(String name, @Nullable Object value) {
        if (value instanceof String
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof BigDecimal
                || (value instanceof Double number && Double.isFinite(number))) {
            return value;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(element -> json(name, element)).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> members = new LinkedHashMap<>();
            map.forEach((key, element) -> {
                if (!(key instanceof String member)) {
                    throw fault("has the detail " + name + " with a key that is no text", null);
                }
                members.put(member, json(name, element));
            });
            return members;
        }
        throw fault("has the detail " + name + " with a value that is not JSON", null);
    }

    private IllegalStateException fault(String what, @Nullable Throwable cause) {
        return new IllegalStateException("The step " + id + " of another extension " + what, cause);
    }
}
