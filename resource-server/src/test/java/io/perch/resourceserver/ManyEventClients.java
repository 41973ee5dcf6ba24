package io.perch.resourceserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * Reads many event streams in one thread. It needs almost no memory, so a measurement shows the server's memory. It
 * reads the lines of the chunked body directly; lines with the size of a chunk are ignored.
 */
final class ManyEventClients implements AutoCloseable {

    private static final int BUFFER = 64 * 1024;

    private final Selector selector = Selector.open();
    private final List<SocketChannel> channels = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final AtomicInteger opened = new AtomicInteger();
    private final BiConsumer<Integer, String> onData;
    private final Thread reader;
    private volatile boolean closed;

    /**
     * Starts the reading thread.
     *
     * @param onData receives the client's number and an event's data in the reading thread
     */
    ManyEventClients(BiConsumer<Integer, String> onData) throws IOException {
        this.onData = onData;
        this.reader = new Thread(this::read, "event-clients");
        reader.setDaemon(true);
        reader.start();
    }

    /** Opens another stream. */
    void open(int port, String path, String token) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + token + "\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        channel.configureBlocking(false);
        channels.add(channel);
        channel.register(selector, SelectionKey.OP_READ, new Client(channels.size() - 1));
        selector.wakeup();
    }

    /** Returns how many streams were answered with 200. */
    int opened() {
        return opened.get();
    }

    @Override
    public void close() throws IOException {
        closed = true;
        selector.wakeup();
        for (SocketChannel channel : channels) {
            channel.close();
        }
        selector.close();
    }

    private void read() {
        try {
            while (!closed) {
                selector.select(key -> {
                    if (key.attachment() instanceof Client client) {
                        client.read(key);
                    }
                });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Client {

        private final int number;
        private final StringBuilder line = new StringBuilder();

        private Client(int number) {
            this.number = number;
        }

        private void read(SelectionKey key) {
            try {
                buffer.clear();
                int read = ((SocketChannel) key.channel()).read(buffer);
                if (read < 0) {
                    key.cancel();
                }
            } catch (IOException e) {
                key.cancel();
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                char character = (char) buffer.get();
                if (character == '\n') {
                    take(line.toString());
                    line.setLength(0);
                } else {
                    line.append(character);
                }
            }
            if (line.isEmpty()) {
                line.trimToSize();
            }
        }

        private void take(String text) {
            if (text.startsWith("data:")) {
                onData.accept(number, text.substring(5));
            } else if (text.startsWith("HTTP/1.1 200")) {
                opened.incrementAndGet();
            }
        }
    }
}
