package io.perch.resourceserver.user;

import io.perch.resourceserver.web.Page;
import io.perch.resourceserver.web.PageCursor;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** REST endpoints for the realm's users. {@code security} allows them to administrators only. */
@Tag(name = "Administration")
@RestController
@RequestMapping(path = "/admin/users", produces = MediaType.APPLICATION_JSON_VALUE)
class AdminUserController {

    /** Not blank and without control characters. The syntax is also valid in ECMAScript, because the API description contains it. */
    private static final String TEXT = "[^\\x00-\\x1F\\x7F]*[^\\x00-\\x20\\x7F][^\\x00-\\x1F\\x7F]*";

    private final Users users;

    AdminUserController(Users users) {
        this.users = users;
    }

    @Operation(
            summary = "Lists the realm's users, newest first",
            description = "According to the events of Keycloak that were consumed so far")
    @GetMapping
    Page<UserRepresentation> list(
            @Parameter(description = "The start of the user name, the e-mail address or a name; case is ignored")
                    @RequestParam(required = false)
                    @Size(min = 1, max = 255)
                    @Pattern(regexp = TEXT, message = "must have a visible, and no control character")
                    @Nullable
                    String search,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit) {
        return Page.of(
                users.list(search, after, limit),
                user -> new PageCursor(user.createdAt(), user.id()),
                UserRepresentation::of);
    }
}
