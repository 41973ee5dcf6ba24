package io.perch.resourceserver.account;

import io.perch.resourceserver.web.Page;
import io.perch.resourceserver.web.PageCursor;
import io.perch.resourceserver.web.ProblemException;
import io.perch.resourceserver.web.ProblemType;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** REST endpoints for a user's own accounts. */
@Tag(name = "Twitter accounts")
@RestController
@RequestMapping(path = "/twitter-accounts", produces = MediaType.APPLICATION_JSON_VALUE)
class TwitterAccountController {

    private final TwitterAccounts accounts;
    private final AccountSecrets secrets;

    TwitterAccountController(TwitterAccounts accounts, AccountSecrets secrets) {
        this.accounts = accounts;
        this.secrets = secrets;
    }

    @Operation(summary = "Lists your accounts, newest first")
    @GetMapping
    Page<TwitterAccountRepresentation> list(
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            Principal user) {
        return Page.of(
                accounts.list(user.getName(), after, limit),
                account -> new PageCursor(account.creationTime(), account.id()),
                account -> TwitterAccountRepresentation.of(account, secrets));
    }

    @Operation(summary = "Shows one of your accounts")
    @GetMapping("/{id}")
    TwitterAccountRepresentation show(@PathVariable String id, Principal user) {
        return accounts.find(user.getName(), id)
                .map(account -> TwitterAccountRepresentation.of(account, secrets))
                .orElseThrow(TwitterAccountController::notFound);
    }

    @Operation(summary = "Deletes one of your accounts and destroys its credentials")
    @DeleteMapping("/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void delete(@PathVariable String id, Principal user) {
        if (!accounts.delete(user.getName(), id)) {
            throw notFound();
        }
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "You have no Twitter account with this id");
    }
}
