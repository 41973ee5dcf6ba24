package io.perch.keycloak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Free TCP ports for servers that a test starts. They are below the range from which the system gives ports to clients. A port from
 * that range can be taken between the choice and the start of a server, which takes seconds.
 */
public final class FreePorts {

    private static final int FIRST = 20_000;
    private static final int COUNT = 10_000;
    private static final int STEP = 37;
    private static final AtomicInteger LAST =
            new AtomicInteger((int) (ProcessHandle.current().pid() * STEP % COUNT));

    private FreePorts() {}

    /** A port that is free now, and that this method returns only once. */
    public static int next() {
        for (int tried = 0; tried < COUNT; tried++) {
            int port = FIRST + Math.floorMod(LAST.incrementAndGet(), COUNT);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("No free port");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
