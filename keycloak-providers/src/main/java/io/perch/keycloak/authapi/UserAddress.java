package io.perch.keycloak.authapi;

import java.util.regex.Pattern;
import org.keycloak.common.ClientConnection;
import org.keycloak.models.ClientModel;

/**
 * The network address of the user on whose behalf a server calls. Without it all users of that server would share one budget. It is
 * accepted only from a confidential client, and only if an administrator has allowed that for the client.
 */
final class UserAddress {

    /** The client attribute: {@code true} if the client may send its users' addresses. */
    static final String ATTRIBUTE = "auth-api.names-user-address";

    /** The request's header, with an IPv4 or IPv6 address. */
    static final String HEADER = "Perch-User-Address";

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]{7,15}|[0-9a-fA-F:.]{2,45}");

    private UserAddress() {}

    /**
     * Uses the address in the client's header, if it is allowed, for the budgets and events of this call.
     *
     * @throws ProblemException if the header is not a network address
     */
    static void use(Call call, ClientModel client) {
        String address = call.request().getHttpHeaders().getHeaderString(HEADER);
        if (address == null || client.isPublicClient() || !Boolean.parseBoolean(client.getAttribute(ATTRIBUTE))) {
            return;
        }
        if (!ADDRESS.matcher(address).matches()) {
            throw ProblemException.of(ProblemType.INVALID_REQUEST, HEADER + " is no network address");
        }
        call.session()
                .getContext()
                .setConnection(new UserConnection(call.session().getContext().getConnection(), address));
        call.event().ipAddress(address);
    }

    private record UserConnection(ClientConnection connection, String address) implements ClientConnection {

        @Override
        public String getRemoteAddr() {
            return address;
        }

        @Override
        public String getRemoteHost() {
            return address;
        }

        @Override
        public int getRemotePort() {
            return connection.getRemotePort();
        }

        @Override
        public String getLocalAddr() {
            return connection.getLocalAddr();
        }

        @Override
        public int getLocalPort() {
            return connection.getLocalPort();
        }
    }
}
