package io.perch.resourceserver.task;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import io.perch.resourceserver.web.StrictBody;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.Map;

/**
 * The request body that answers a challenge.
 *
 * @param code the code, as X sent or showed it
 * @param unknownFields other members of the body
 */
record ChallengeCode(
        @NotNull
        @Pattern(regexp = "[A-Za-z0-9]{1,16}", message = "must be 1 to 16 letters or digits")
        @Schema(example = "123456")
        String code,

        @JsonAnySetter @Size(max = 0) @Hidden Map<String, Object> unknownFields)
        implements StrictBody {

    /** Keeps the code out of logs. */
    @Override
    public String toString() {
        return "ChallengeCode[]";
    }
}
