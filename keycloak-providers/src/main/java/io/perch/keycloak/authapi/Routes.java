package io.perch.keycloak.authapi;

import java.util.List;
import java.util.stream.Stream;

/** All routes of the API. */
final class Routes {

    static final String VERSION = "v1";

    private static final List<Route> ALL = List.of(
            new Route("POST", "/register", Registration::register),
            new Route("POST", "/login", SignIn::login),
            new Route("POST", "/refresh", SignIn::refresh),
            new Route("POST", "/logout", SignIn::logout),
            new Route("POST", "/verify-email", true, Verification::verify),
            new Route("POST", "/resend-verification", true, Verification::resend),
            new Route("POST", "/forgot-password", true, PasswordReset::forgot),
            new Route("POST", "/reset-password", true, PasswordReset::reset),
            new Route("GET", "/me", Me::get),
            new Route("PUT", "/me", Me::put),
            new Route("DELETE", "/me", Me::delete),
            new Route("POST", "/me/password", MyPassword::change),
            new Route("GET", "/me/sessions", MySessions::list),
            new Route("DELETE", "/me/sessions/{id}", MySessions::end),
            new Route("GET", "/users", Users::list),
            new Route("GET", "/openapi.json", OpenApi::get));

    private Routes() {}

    /** The routes of a path, one for each method. */
    static List<Route> at(String path) {
        String prefix = VERSION + "/";
        if (!path.startsWith(prefix)) {
            return List.of();
        }
        String rest = path.substring(VERSION.length());
        return ALL.stream().filter(route -> route.match(rest).isPresent()).toList();
    }

    static Stream<Route> all() {
        return ALL.stream();
    }
}
