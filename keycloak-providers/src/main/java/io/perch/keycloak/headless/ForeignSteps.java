package io.perch.keycloak.headless;

import io.perch.keycloak.steps.StepDescription;
import io.perch.keycloak.steps.StepDescription.Kind;
import io.perch.keycloak.steps.StepProvider;
import io.perch.keycloak.steps.StepProviderFactory;
import io.perch.keycloak.steps.StepSpi;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.keycloak.authentication.Authenticator;
import org.keycloak.authentication.RequiredActionProvider;
import org.keycloak.models.KeycloakSessionFactory;

/**
 * Reads the steps that other extensions describe, when the server starts. All that is wrong in the descriptions is
 * found here, and stops the start: at a request it would be an error of the server in the middle of a sign-in, or
 * worse, a step of ours that was replaced.
 */
final class ForeignSteps {

    private static final Logger LOG = Logger.getLogger(ForeignSteps.class);

    private final Steps builtIn;
    private final Predicate<StepDescription> exists;
    private final Map<Kind, Map<String, Step>> steps = new EnumMap<>(Kind.class);
    private final Map<String, StepDescription> byType = new HashMap<>();
    private final List<String> problems = new ArrayList<>();

    private ForeignSteps(Steps builtIn, Predicate<StepDescription> exists) {
        this.builtIn = builtIn;
        this.exists = exists;
        for (Kind kind : Kind.values()) {
            steps.put(kind, new HashMap<>());
        }
    }

    /**
     * The steps of this server.
     *
     * @throws IllegalStateException where a description is wrong; the message says what to change
     */
    static Steps of(KeycloakSessionFactory server) {
        List<StepProviderFactory> factories = server.getProviderFactoriesStream(StepProvider.class)
                .filter(StepProviderFactory.class::isInstance)
                .map(StepProviderFactory.class::cast)
                .toList();
        return of(Steps.BUILT_IN, factories, description -> exists(server, description));
    }

    /**
     * The built-in steps and those of these factories.
     *
     * @param exists whether the server has what is described; a warning says where it has not
     * @throws IllegalStateException where a description is wrong; the message says what to change
     */
    static Steps of(Steps builtIn, Collection<StepProviderFactory> factories, Predicate<StepDescription> exists) {
        ForeignSteps foreign = new ForeignSteps(builtIn, exists);
        factories.stream()
                .sorted(Comparator.comparing(StepProviderFactory::getId))
                .forEach(foreign::add);
        if (!foreign.problems.isEmpty()) {
            throw new IllegalStateException("Steps of other extensions cannot be used. Change the extension, or switch"
                    + " the provider off with --spi-" + StepSpi.NAME + "--<provider>--enabled=false: "
                    + String.join("; ", foreign.problems));
        }
        return builtIn.with(foreign.of(Kind.AUTHENTICATOR), foreign.of(Kind.REQUIRED_ACTION));
    }

    private static boolean exists(KeycloakSessionFactory server, StepDescription description) {
        return switch (description.kind()) {
            case AUTHENTICATOR -> server.getProviderFactory(Authenticator.class, description.providerId()) != null;
            case REQUIRED_ACTION ->
                server.getProviderFactory(RequiredActionProvider.class, description.providerId()) != null;
        };
    }

    private Map<String, Step> of(Kind kind) {
        return Objects.requireNonNull(steps.get(kind));
    }

    private void add(StepProviderFactory factory) {
        String step = "provider " + factory.getId() + " (" + factory.getClass().getName() + ")";
        StepDescription description = description(factory, step);
        int before = problems.size();
        checkProvider(step, description);
        checkType(step, description);
        checkNames(step, description);
        if (problems.size() == before) {
            of(description.kind()).put(description.providerId(), ForeignStep.of(factory.getId(), description));
        }
        if (!exists.test(description)) {
            LOG.warnf(
                    "step_without_provider step=%s: this server has no %s %s",
                    factory.getId(), name(description.kind()), description.providerId());
        }
    }

    private static StepDescription description(StepProviderFactory factory, String step) {
        try {
            return Optional.ofNullable(factory.description())
                    .orElseThrow(() -> new IllegalStateException("It returns null"));
        } catch (RuntimeException | LinkageError e) {
            throw new IllegalStateException("The description of the step of " + step + " cannot be read", e);
        }
    }

    private void checkProvider(String step, StepDescription description) {
        String described = name(description.kind()) + " " + description.providerId();
        Optional<Step> own = description.kind() == Kind.AUTHENTICATOR
                ? builtIn.ofAuthenticator(description.providerId())
                : builtIn.ofAction(description.providerId());
        if (own.isPresent()) {
            problems.add(step + " describes the " + described + ", which has a step already. Remove it");
        }
        if (of(description.kind()).containsKey(description.providerId())) {
            problems.add(step + " describes the " + described + ", as another provider does. Remove one of them");
        }
    }

    private void checkType(String step, StepDescription description) {
        String type = description.type();
        if (!StepNames.isName(type)) {
            problems.add(step + " has the type \"" + type + "\". A type is " + StepNames.RULE);
        } else if (builtIn.all().anyMatch(own -> own.type().equals(type))) {
            problems.add(step + " has the type " + type + ", which is built in. Choose " + StepNames.proposal(type));
        }
        StepDescription other = byType.putIfAbsent(type, description);
        if (other != null && !Set.copyOf(other.fields()).equals(Set.copyOf(description.fields()))) {
            problems.add(
                    step + " has the type " + type + " of another provider, and other fields. Choose another type");
        }
    }

    private void checkNames(String step, StepDescription description) {
        if (description.fields().isEmpty()) {
            problems.add(step + " has no field. Add one that the client sends");
        }
        checkTwice(step, "field", description.fields());
        checkTwice(step, "detail", description.details());
        checkTwice(step, "form parameter", description.formParameters());
        Set<String> members = builtIn.members();
        for (String field : description.fields()) {
            if (!StepNames.isName(field)) {
                problems.add(step + " has the field \"" + field + "\". A field is " + StepNames.RULE);
            } else if (StepNames.isRequestParameter(field)) {
                problems.add(step + " has the field " + field + ", which is a parameter of OAuth or OpenID Connect."
                        + " Choose " + StepNames.proposal(field));
            } else if (members.contains(field)) {
                problems.add(
                        step + " has the field " + field + " of built-in steps. Choose " + StepNames.proposal(field));
            }
        }
        for (String detail : description.details()) {
            if (!StepNames.isName(detail)) {
                problems.add(step + " has the detail \"" + detail + "\". A detail is " + StepNames.RULE);
            } else if (StepNames.isChallengeMember(detail)) {
                problems.add(step + " has the detail " + detail + ", which every challenge can have. Choose "
                        + StepNames.proposal(detail));
            }
        }
        for (String parameter : description.formParameters()) {
            if (!StepNames.isFormParameter(parameter)) {
                problems.add(step + " has the form parameter \"" + parameter
                        + "\", which Keycloak reads itself, or which no form has. Remove it");
            }
        }
    }

    private void checkTwice(String step, String what, List<String> names) {
        Set<String> seen = new HashSet<>();
        names.stream()
                .filter(name -> !seen.add(name))
                .forEach(name -> problems.add(step + " names the " + what + " " + name + " twice. Remove one"));
    }

    private static String name(Kind kind) {
        return kind == Kind.AUTHENTICATOR ? "authenticator" : "required action";
    }
}
