package io.perch.keycloak.authapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoutesTest {

    @Test
    void aPathHasARouteForEachOfItsMethods() {
        assertEquals(
                List.of("GET", "PUT", "DELETE"),
                Routes.at("v1/me").stream().map(Route::method).toList());
        assertEquals(List.of(), Routes.at("v2/me"));
        assertEquals(List.of(), Routes.at("v1/me/more"));
        assertEquals(List.of(), Routes.at("v1"));
    }

    @Test
    void aVariableIsOneSegment() {
        Route route = Routes.at("v1/me/sessions/abc").get(0);
        assertEquals(Optional.of(Map.of("id", "abc")), route.match("/me/sessions/abc"));
        assertEquals(Optional.empty(), route.match("/me/sessions/a/b"));
    }
}
