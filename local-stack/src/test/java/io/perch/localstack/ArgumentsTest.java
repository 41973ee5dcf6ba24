package io.perch.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

    @Test
    void withoutArgumentsTheOffsetIsZero() throws UsageException {
        assertThat(Arguments.parse(List.of())).isEqualTo(new Arguments(0, false));
    }

    @Test
    void theOffsetIsReadInBothForms() throws UsageException {
        assertThat(Arguments.parse(List.of("--ports-offset", "100")).portsOffset())
                .isEqualTo(100);
        assertThat(Arguments.parse(List.of("--ports-offset=200")).portsOffset()).isEqualTo(200);
    }

    @Test
    void bothHelpOptionsAreAccepted() throws UsageException {
        assertThat(Arguments.parse(List.of("--help")).help()).isTrue();
        assertThat(Arguments.parse(List.of("-h")).help()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--ports-offset", "--ports-offset=", "--ports-offset=x", "--ports-offset=-1", "--fast", ""})
    void anUnknownArgumentIsRefusedWithAOneLineMessage(String argument) {
        assertThatThrownBy(() -> Arguments.parse(List.of(argument)))
                .isInstanceOf(UsageException.class)
                .message()
                .hasLineCount(1);
    }
}
