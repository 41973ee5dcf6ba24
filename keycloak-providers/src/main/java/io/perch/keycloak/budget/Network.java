package io.perch.keycloak.budget;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/** Whose network address it is, as far as that can be told. */
public final class Network {

    private static final int IPV6_NETWORK_BYTES = 8;

    private Network() {}

    /** Whether an address is this machine itself (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3); no name is looked up. */
    public static boolean isLoopback(String address) {
        if (address.indexOf(':') < 0 && !address.matches("[0-9.]+")) {
            return false;
        }
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /**
     * What is counted as one: an IPv4 address, or the /64 of an IPv6 address, since who has one of these has them all.
     *
     * @param address an IP address; anything else is counted as it stands, and no name is looked up
     */
    public static String of(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            InetAddress parsed = InetAddress.getByName(address);
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(parsed.getAddress(), 0, IPV6_NETWORK_BYTES)
                    : parsed.getHostAddress();
        } catch (UnknownHostException e) {
            return address;
        }
    }
}
