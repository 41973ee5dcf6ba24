package io.perch.keycloak.authapi;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import java.util.regex.Pattern;

/**
 * Refuses requests to the API whose {@code Content-Type} is not a media type. Without this filter Jakarta REST would refuse them
 * before {@link AuthApiResource}, and Keycloak would write its own answer. All other requests pass.
 */
@Provider
@PreMatching
public final class ContentTypeFilter implements ContainerRequestFilter {

    private static final Pattern CALL =
            Pattern.compile("/?realms/[^/]+/" + AuthApiProviderFactory.PROVIDER_ID + "(/.*)?");

    /** Called by Jakarta REST. */
    public ContentTypeFilter() {}

    @Override
    public void filter(ContainerRequestContext request) {
        String type = request.getHeaderString(HttpHeaders.CONTENT_TYPE);
        if (type != null
                && !isMediaType(type)
                && CALL.matcher(request.getUriInfo().getPath()).matches()) {
            request.abortWith(Answers.of(Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE)));
        }
    }

    private static boolean isMediaType(String type) {
        try {
            MediaType.valueOf(type);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
