package io.perch.keycloak.budget;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/** Groups network addresses that belong to one user. */
public final class Network {

    private static final int IPV6_NETWORK_BYTES = 8;

    private Network() {}

    /**
     * Whether an address is a loopback address (RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3). It never resolves a host name.
     */
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
     * The network that is counted as one: an IPv4 address, or the /64 of an IPv6 address, because one user usually has the whole
     * /64.
     *
     * @param address an IP address; any other text is returned unchanged, and no host name is resolved
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
