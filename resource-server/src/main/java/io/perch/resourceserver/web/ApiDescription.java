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
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.OAuthFlow;
import io.swagger.v3.oas.models.security.OAuthFlows;
import io.swagger.v3.oas.models.security.Scopes;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Completes the OpenAPI document of {@code /docs} with descriptions that springdoc cannot derive from the controllers. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

    private static final String BEARER = "bearer";
    private static final String SIGN_IN = "sign-in";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final Set<ProblemType> OF_EVERY_OPERATION = EnumSet.of(
            ProblemType.INVALID_REQUEST,
            ProblemType.UNAUTHORIZED,
            ProblemType.FORBIDDEN,
            ProblemType.NOT_ACCEPTABLE,
            ProblemType.INTERNAL_ERROR,
            ProblemType.SERVICE_UNAVAILABLE);
    private static final Set<ProblemType> WITH_A_BODY = EnumSet.of(
            ProblemType.CONTENT_TOO_LARGE, ProblemType.UNSUPPORTED_MEDIA_TYPE, ProblemType.TOO_MANY_REQUESTS);

    /** Describes the API. Swagger UI signs in with the authorization code flow and PKCE, like any front end. */
    @Bean
    OpenAPI openApi(@Value("${perch.keycloak.issuer-uri}") String issuer) {
        SecurityScheme bearer = new SecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .bearerFormat("JWT")
                .description("An access token of the realm, with the role 'user'");
        SecurityScheme signIn = new SecurityScheme()
                .type(SecurityScheme.Type.OAUTH2)
                .description("Sign in at Keycloak; the page keeps the token as long as it is open")
                .flows(new OAuthFlows()
                        .authorizationCode(new OAuthFlow()
                                .authorizationUrl(issuer + "/protocol/openid-connect/auth")
                                .tokenUrl(issuer + "/protocol/openid-connect/token")
                                .refreshUrl(issuer + "/protocol/openid-connect/token")
                                .scopes(new Scopes().addString("openid", "Who you are"))));
        return new OpenAPI()
                .info(new Info()
                        .title("Perch")
                        .version("1")
                        .description("Runs Twitter logins as tasks. Errors are problems (RFC 9457).")
                        .license(new License().name("Apache-2.0").url("https://www.apache.org/licenses/LICENSE-2.0")))
                .components(new Components()
                        .addSecuritySchemes(BEARER, bearer)
                        .addSecuritySchemes(SIGN_IN, signIn)
                        .addSchemas("Problem", problem()))
                .addSecurityItem(new SecurityRequirement().addList(SIGN_IN, "openid"))
                .addSecurityItem(new SecurityRequirement().addList(BEARER));
    }

    @Bean
    OpenApiCustomizer problemsOfEveryOperation() {
        return api -> {
            api.getPaths().forEach((path, item) -> item.readOperationsMap().forEach((method, operation) -> {
                describe(path, method, operation);
                describeParameters(operation);
                closeBody(operation, api.getComponents());
            }));
            api.getComponents().getSchemas().values().forEach(ApiDescription::describeObject);
        };
    }

    /** springdoc does not say that a class is an object. */
    private static void describeObject(Schema<?> schema) {
        if (schema.getProperties() != null) {
            schema.setTypes(Set.of("object"));
            schema.getProperties().values().forEach(ApiDescription::anchor);
        }
    }

    /** In JSON Schema a pattern may match a part of the text. In Jakarta Validation it must match all of it. */
    private static void anchor(Schema<?> schema) {
        String pattern = schema.getPattern();
        if (pattern != null && !pattern.startsWith("^")) {
            schema.setPattern("^(?:" + pattern + ")$");
        }
    }

    private static void describeParameters(Operation operation) {
        if (operation.getParameters() == null) {
            return;
        }
        for (Parameter parameter : operation.getParameters()) {
            anchor(parameter.getSchema());
            switch (parameter.getName()) {
                case "after" -> {
                    parameter.setDescription("The 'next' of the previous page");
                    parameter.setSchema(text(PageCursor.PATTERN));
                }
                case "id" -> parameter.setSchema(text("^[A-Za-z0-9._~-]{1,128}$"));
                case IDEMPOTENCY_KEY -> {
                    parameter.setDescription("Identifies the request, so that repeating it has no further effect");
                    parameter.setSchema(text("^([!#-\\[\\]-~]{1,128}|\"[!#-\\[\\]-~]{1,128}\")$"));
                }
                case LAST_EVENT_ID -> {
                    parameter.setDescription("The id of the last event that you received; an unknown one is ignored");
                    parameter.setSchema(text("^[!-~]*$"));
                }
                default -> {
                    // Its type is enough
                }
            }
        }
    }

    /** Returns a new schema: springdoc uses one schema object for all parameters of a type. */
    private static Schema<?> text(String pattern) {
        return new StringSchema().pattern(pattern);
    }

    /** A request body and the objects in it accept no unknown fields. */
    private static void closeBody(Operation operation, Components components) {
        if (operation.getRequestBody() == null) {
            return;
        }
        operation.getRequestBody().getContent().values().forEach(content -> close(content.getSchema(), components));
    }

    private static void close(Schema<?> reference, Components components) {
        String ref = reference.get$ref();
        if (ref == null) {
            return;
        }
        Schema<?> schema = Objects.requireNonNull(components.getSchemas().get(ref.substring(ref.lastIndexOf('/') + 1)));
        if (schema.getProperties() != null) {
            schema.setAdditionalProperties(false);
            schema.getProperties().values().forEach(property -> close(property, components));
        }
    }

    /** The description has the JSON names of fields. */
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
        OF_EVERY_OPERATION.forEach(type -> add(responses, type));
        if (method == PathItem.HttpMethod.POST) {
            WITH_A_BODY.forEach(type -> add(responses, type));
        }
        if (path.contains("{")) {
            add(responses, ProblemType.NOT_FOUND);
        }
        if (method == PathItem.HttpMethod.DELETE
                || (method == PathItem.HttpMethod.POST && (path.contains("{") || path.contains("operations")))) {
            add(responses, ProblemType.CONFLICT);
        }
        if (operation.getParameters() != null
                && operation.getParameters().stream()
                        .anyMatch(parameter -> parameter.getName().equals(IDEMPOTENCY_KEY))) {
            add(responses, ProblemType.IDEMPOTENCY_KEY_REUSED);
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
        problem.addProperty("instance", new StringSchema().format("uri-reference"));
        problem.addProperty("errors", new ArraySchema().items(error));
        problem.setRequired(List.of("type", "title", "status", "detail"));
        return problem;
    }
}
