package io.perch.keycloak.headless;

import jakarta.ws.rs.core.Response;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.keycloak.authentication.AuthenticationFlowContext;
import org.keycloak.forms.login.LoginFormsProvider;
import org.keycloak.forms.login.MessageType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.utils.FormMessage;

/**
 * Stands in for Keycloak's pages while a flow runs without a browser, and remembers what the page would have been.
 *
 * <p>A proxy and no class: a method that a later Keycloak adds to the interface does not break it. A method that it does not know and that
 * makes a page makes one that no step is for.
 */
final class FormRecorder implements InvocationHandler {

    /** Pages after which the flow takes no more input. */
    private static final String ERROR_PAGE = "createErrorPage";

    /** The page after a failed WebAuthn assertion. Its form has nothing but a button that begins the step again. */
    private static final String RETRY_PAGE = "createWebAuthnErrorPage";

    private static final String ATTRIBUTE = FormRecorder.class.getName();

    private final LoginFormsProvider proxy = (LoginFormsProvider) Proxy.newProxyInstance(
            LoginFormsProvider.class.getClassLoader(), new Class<?>[] {LoginFormsProvider.class}, this);

    private final Map<String, Object> attributes = new HashMap<>();
    private @Nullable AuthenticationFlowContext flow;
    private @Nullable Response response;
    private final List<FormMessage> errors = new ArrayList<>();
    private String page = "";
    private boolean error;

    private FormRecorder() {}

    /**
     * Puts a recorder in the place of the pages of this request.
     *
     * @return null where another extension's pages are the default: then nothing can be recorded
     */
    static @Nullable FormRecorder install(KeycloakSession session) {
        FormRecorder recorder = new FormRecorder();
        session.setAttribute(ATTRIBUTE, recorder);
        return session.getProvider(LoginFormsProvider.class) == recorder.proxy ? recorder : null;
    }

    /** The recorder in the place of the pages of this request; null where there is none. */
    static @Nullable LoginFormsProvider installed(KeycloakSession session) {
        FormRecorder recorder = session.getAttribute(ATTRIBUTE, FormRecorder.class);
        return recorder == null ? null : recorder.proxy;
    }

    /** Forgets everything, before Keycloak runs again. */
    void reset() {
        attributes.clear();
        flow = null;
        response = null;
        page = "";
        error = false;
        errors.clear();
    }

    /** Whether this is the page that was recorded last. */
    boolean made(Response answer) {
        return answer == response;
    }

    /** Whether the page is an error page, which has no form. */
    boolean isErrorPage() {
        return page.equals(ERROR_PAGE);
    }

    /** Whether the page only offers to begin its step again. */
    boolean isRetryPage() {
        return page.equals(RETRY_PAGE);
    }

    /** Whether the page says that something is wrong. */
    boolean hasError() {
        return error;
    }

    /** What the page says is wrong, as keys of Keycloak's messages; with the field {@link FormMessage#GLOBAL} where it is about the whole form. */
    List<FormMessage> errors() {
        return List.copyOf(errors);
    }

    /** Attributes of the page's template. */
    Map<String, Object> attributes() {
        return Map.copyOf(attributes);
    }

    /** The flow's context of the page; null where the page is no authenticator's. */
    @Nullable
    AuthenticationFlowContext flow() {
        return flow;
    }

    @Override
    public @Nullable Object invoke(Object self, Method method, @Nullable Object @Nullable [] arguments) {
        @Nullable Object[] given = arguments == null ? new Object[0] : arguments;
        if (method.getDeclaringClass() == Object.class) {
            return ofObject(self, method, given);
        }
        if (method.getReturnType() == Response.class) {
            page = method.getName();
            response = Response.ok().build();
            return response;
        }
        if (method.getReturnType() == String.class) {
            return given.length == 0 ? "" : given[0];
        }
        note(method.getName(), given);
        return method.getReturnType() == LoginFormsProvider.class ? self : null;
    }

    private void note(String method, @Nullable Object[] given) {
        switch (method) {
            case "setError" -> {
                error = true;
                if (given[0] instanceof String key) {
                    errors.add(new FormMessage(FormMessage.GLOBAL, key, parameters(given)));
                }
            }
            case "addError" -> {
                error = true;
                addErrors(Stream.of(given));
            }
            case "setErrors" -> {
                if (given[0] instanceof Collection<?> several && !several.isEmpty()) {
                    error = true;
                    addErrors(several.stream());
                }
            }
            case "setMessage" -> error |= given[0] == MessageType.ERROR;
            case "setAttribute" -> {
                if (given[0] instanceof String name && given[1] != null) {
                    attributes.put(name, given[1]);
                }
            }
            case "setAuthContext" -> flow = given[0] instanceof AuthenticationFlowContext context ? context : null;
            default -> {
                // Clients do not get it
            }
        }
    }

    private void addErrors(Stream<?> messages) {
        messages.filter(FormMessage.class::isInstance)
                .map(FormMessage.class::cast)
                .forEach(errors::add);
    }

    private static Object[] parameters(@Nullable Object[] given) {
        return given.length > 1 && given[1] instanceof Object[] several ? several : new Object[0];
    }

    private static Object ofObject(Object self, Method method, @Nullable Object[] given) {
        return switch (method.getName()) {
            case "equals" -> self == given[0];
            case "hashCode" -> System.identityHashCode(self);
            default -> "pages of a flow without a browser";
        };
    }
}
