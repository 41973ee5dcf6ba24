package io.perch.keycloak.steps;

import java.util.Map;
import java.util.Optional;
import org.keycloak.provider.Provider;

/**
 * The part of a step that depends on the request. It lives as long as one {@code KeycloakSession}. Its factory may pass
 * that session on. Realm, client and authentication session, with its user, are in {@code session.getContext()}.
 *
 * <p>If a method throws an exception, or breaks what it promises here, the app gets 500 {@code server_error} with a
 * random id, and what the request has changed is rolled back. Keycloak's log has the exception under the same id. The
 * app gets neither its message nor its type.
 */
public interface StepProvider extends Provider {

    /**
     * Whether this page asks for a field. A page that asks for no field needs a browser: the app gets
     * {@code redirect_to_web}.
     *
     * @param field one of {@link StepDescription#fields}
     * @param page attributes of the page's template, by their names: what the authenticator or required action has set
     *     with {@code LoginFormsProvider.setAttribute}. Nothing that Keycloak itself adds. Cannot be changed
     * @return by default true
     */
    default boolean asksFor(String field, Map<String, Object> page) {
        return true;
    }

    /**
     * What the app has to show: members of {@code challenge} beside {@code type} and {@code fields}. Everybody who can
     * start the step sees it. So before something has proved who the user is, it must not depend on the user.
     *
     * @param page as in {@link #asksFor}
     * @return JSON values by their names, all of them in {@link StepDescription#details}. A value is a {@code String},
     *     {@code Boolean}, {@code Integer}, {@code Long}, {@code BigDecimal}, a finite {@code Double}, a {@code List}
     *     of values, or a {@code Map} from {@code String} to values; never null. By default there are none
     */
    default Map<String, Object> details(Map<String, Object> page) {
        return Map.of();
    }

    /**
     * The form that the authenticator or required action gets. It is called before that runs, and not for an entry that
     * the page could not send. So this checks only whether the entry is complete. The authenticator checks whether it
     * is right.
     *
     * <p>An app can send any number of incomplete entries. So this must not look anything up.
     *
     * @param entry what the app has sent, by names of fields. It has only fields for which {@link #asksFor} was true,
     *     no empty value and no value with control characters. Cannot be changed
     * @return values by names of parameters, all of them in {@link StepDescription#formParameters}; empty if the entry
     *     is not complete, and then the app gets {@code invalid_request}, and can send the step again
     */
    Optional<Map<String, String>> form(Map<String, String> entry);

    /** Does nothing. */
    @Override
    default void close() {}
}
