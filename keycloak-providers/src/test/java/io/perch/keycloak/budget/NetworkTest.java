package io.perch.keycloak.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NetworkTest {

    @Test
    void allIpv6AddressesOfA64CountAsOne() {
        assertEquals(Network.of("2001:db8:1:2::1"), Network.of("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assertEquals(Network.of("2001:db8:1:2::1"), Network.of("2001:0DB8:0001:0002:0:0:0:1"));
        assertNotEquals(Network.of("2001:db8:1:2::1"), Network.of("2001:db8:1:3::1"));
    }

    @Test
    void anIpv4AddressCountsAsOneInEveryNotation() {
        assertEquals("192.0.2.1", Network.of("192.0.2.1"));
        assertEquals("192.0.2.1", Network.of("::ffff:192.0.2.1"));
        assertNotEquals(Network.of("192.0.2.1"), Network.of("192.0.2.2"));
    }

    @Test
    void onlyThisMachineIsLoopback() {
        assertTrue(Network.isLoopback("127.0.0.1"));
        assertTrue(Network.isLoopback("::1"));
        assertTrue(Network.isLoopback("0:0:0:0:0:0:0:1"));
        assertFalse(Network.isLoopback("192.0.2.1"));
        assertFalse(Network.isLoopback("2001:db8::1"));
        assertFalse(Network.isLoopback("localhost.example"));
    }

    @Test
    void otherTextIsReturnedUnchanged() {
        assertEquals("proxy", Network.of("proxy"));
        assertEquals("no:address", Network.of("no:address"));
    }
}
