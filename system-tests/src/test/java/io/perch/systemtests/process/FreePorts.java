package io.perch.systemtests.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * Free TCP ports. They are below the range that the system gives to clients, so a port stays free while its server is
 * down. Parallel test runs start their search at different ports.
 */
public final class FreePorts {

    private static final int FIRST = 10_000;
    private static final int COUNT = 10_000;
    private static final int STEP = 37;

    private int last = (int) (ProcessHandle.current().pid() * STEP % COUNT);

    public int next() {
        for (int tried = 0; tried < COUNT; tried++) {
            last = (last + 1) % COUNT;
            if (isFree(FIRST + last)) {
                return FIRST + last;
            }
        }
        throw new IllegalStateException("No free port");
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
