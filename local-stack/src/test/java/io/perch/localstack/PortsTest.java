package io.perch.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortsTest {

    @Test
    void theDefaultPortsAreThoseOfTheServers() throws UsageException {
        assertThat(Ports.of(Map.of(), 0)).isEqualTo(new Ports(3000, 8080, 9000, 8000, 9092, 9093, 27017, 6379, 1025));
    }

    @Test
    void theOffsetIsAddedToEveryPort() throws UsageException {
        assertThat(Ports.of(Map.of("PERCH_API_PORT", "8001"), 100))
                .isEqualTo(new Ports(3100, 8180, 9100, 8101, 9192, 9193, 27117, 6479, 1125));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "0", "-5", "65536", "99999999999"})
    void anInvalidPortIsRefusedWithTheNameOfItsVariable(String value) {
        assertThatThrownBy(() -> Ports.of(Map.of("PERCH_REDIS_PORT", value), 0))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("PERCH_REDIS_PORT");
    }

    @Test
    void twoServersOnOnePortAreRefused() {
        assertThatThrownBy(() -> Ports.of(Map.of("PERCH_API_PORT", "8080"), 0))
                .isInstanceOf(UsageException.class)
                .hasMessage("PERCH_KEYCLOAK_PORT and PERCH_API_PORT are both 8080");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "0.0.0.0"})
    void aPortInUseIsReportedWithItsServer(String address) throws IOException, UsageException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            var ports = Ports.of(Map.of("PERCH_SMTP_PORT", Integer.toString(socket.getLocalPort())), 0);

            assertThatThrownBy(ports::requireFree)
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining(socket.getLocalPort() + " (mail, PERCH_SMTP_PORT)")
                    .message()
                    .hasLineCount(1);
        }
    }

    @Test
    void freePortsAreAccepted() throws Exception {
        var ports = new Ports(free(), free(), free(), free(), free(), free(), free(), free(), free());
        assertThatCode(ports::requireFree).doesNotThrowAnyException();
    }

    private static int free() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
