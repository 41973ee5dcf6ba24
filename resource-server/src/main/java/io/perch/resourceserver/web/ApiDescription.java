package io.perch.resourceserver.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.ArraySchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The API's description (OpenAPI), which {@code /docs} shows: what springdoc cannot see in the controllers. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

    private static final String BEARER = "bearer";
    private static final Set<ProblemType> ANYWHERE = EnumSet.of(
            ProblemType.UNAUTHORIZED,
            ProblemType.FORBIDDEN,
            ProblemType.NOT_ACCEPTABLE,
            ProblemType.INTERNAL_ERROR,
            ProblemType.SERVICE_UNAVAILABLE);
    private static final Set<ProblemType> WITH_A_BODY = EnumSet.of(
            ProblemType.INVALID_REQUEST,
            ProblemType.CONTENT_TOO_LARGE,
            ProblemType.UNSUPPORTED_MEDIA_TYPE,
            ProblemType.TOO_MANY_REQUESTS);

    @Bean
    OpenAPI openApi() {
        SecurityScheme bearer = new SecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .bearerFormat("JWT")
                .description("An access token of the realm, with the role 'user'");
        return new OpenAPI()
                .info(new Info()
                        .title("Perch")
                        .version("1")
                        .description("Runs Twitter logins as tasks. Errors are problems (RFC 9457).")
                        .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
                .components(new Components().addSecuritySchemes(BEARER, bearer).addSchemas("Problem", problem()))
                .addSecurityItem(new SecurityRequirement().addList(BEARER));
    }

    @Bean
    OpenApiCustomizer problemsOfEveryOperation() {
        return api -> api.getPaths().forEach((path, item) -> item.readOperationsMap()
                .forEach((method, operation) -> describe(path, method, operation)));
    }

    /** The description names fields as the JSON does. */
    @Bean
    ModelResolver snakeCaseNames() {
        ObjectMapper mapper = Json.mapper().copy();
        mapper.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        return new ModelResolver(mapper);
    }

    private static void describe(String path, PathItem.HttpMethod method, Operation operation) {
        ApiResponses responses = operation.getResponses();
        if (path.equals("/")) {
            operation.setSecurity(List.of());
            return;
        }
        ANYWHERE.forEach(type -> add(responses, type));
        if (method == PathItem.HttpMethod.POST) {
            WITH_A_BODY.forEach(type -> add(responses, type));
        }
        if (path.contains("{")) {
            add(responses, ProblemType.NOT_FOUND);
        } else if (method == PathItem.HttpMethod.GET) {
            add(responses, ProblemType.INVALID_REQUEST);
        }
    }

    private static void add(ApiResponses responses, ProblemType type) {
        Schema<?> schema = new Schema<>().$ref("#/components/schemas/Problem");
        responses.addApiResponse(
                Integer.toString(type.status().value()),
                new ApiResponse()
                        .description(type.title())
                        .content(new Content()
                                .addMediaType("application/problem+json", new MediaType().schema(schema))));
    }

    private static Schema<?> problem() {
        Schema<Object> error = new ObjectSchema();
        error.addProperty("pointer", new StringSchema());
        error.addProperty("detail", new StringSchema());
        Schema<Object> problem = new ObjectSchema();
        problem.setDescription("A problem (RFC 9457)");
        problem.addProperty("type", new StringSchema().format("uri"));
        problem.addProperty("title", new StringSchema());
        problem.addProperty("status", new IntegerSchema());
        problem.addProperty("detail", new StringSchema());
        problem.addProperty("instance", new StringSchema().format("uri"));
        problem.addProperty("errors", new ArraySchema().items(error));
        return problem;
    }
}
