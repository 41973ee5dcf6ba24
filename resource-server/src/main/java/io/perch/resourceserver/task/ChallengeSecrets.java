package io.perch.resourceserver.task;

import io.perch.resourceserver.crypto.SealedField;
import io.perch.resourceserver.crypto.Sealer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Seals the secrets of a challenge: the login state and the user's code. */
@Component
class ChallengeSecrets {

    private final Sealer sealer;

    ChallengeSecrets(Sealer sealer) {
        this.sealer = sealer;
    }

    String sealContinuation(Task task, String continuation) {
        return sealer.seal(continuation, field(task, "continuation"));
    }

    String sealCode(Task task, String code) {
        return sealer.seal(code, field(task, "code"));
    }

    /** Returns the answer to a task's challenge, or null if there is none. */
    @Nullable
    ChallengeAnswer answer(Task task) {
        Challenge challenge = task.challenge();
        if (challenge == null || challenge.sealedCode() == null) {
            return null;
        }
        return new ChallengeAnswer(
                sealer.unseal(challenge.sealedContinuation(), field(task, "continuation")),
                sealer.unseal(challenge.sealedCode(), field(task, "code")));
    }

    private static SealedField field(Task task, String name) {
        return new SealedField(task.userId(), task.id(), name);
    }
}
