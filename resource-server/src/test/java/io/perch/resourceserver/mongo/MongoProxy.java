package io.perch.resourceserver.mongo;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between a client and a MongoDB. It breaks single commands of the wire protocol (OP_MSG): before the server
 * receives them, after the server has executed them, with an error of the server, or by a delay. Commands for the
 * connection itself are not broken.
 */
public final class MongoProxy implements Closeable {

    /** How a command is broken. */
    public enum Fault {
        /** The connection is closed, and the server does not receive the command. */
        NOT_SENT,
        /** The server executes the command, and its reply is lost. */
        REPLY_LOST
    }

    private static final int HEADER = 16;
    private static final List<String> UNHARMED = List.of("hello", "isMaster", "ismaster", "ping", "buildInfo");

    private final ServerSocket listening;
    private final InetSocketAddress server;
    private final List<Socket> open = new ArrayList<>();
    private final AtomicInteger skip = new AtomicInteger(-1);
    private volatile Fault fault = Fault.NOT_SENT;
    private volatile int errorCode;
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile @Nullable String heldCommand;
    private final AtomicReference<@Nullable String> unacknowledged = new AtomicReference<>();

    /** Starts a proxy on a free port of the loopback address. */
    public MongoProxy(InetSocketAddress server) throws IOException {
        this.server = server;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("mongo-proxy", this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Breaks one command, after this many others have passed. */
    public void breakNext(int passing, Fault how) {
        fault = how;
        errorCode = 0;
        skip.set(passing);
    }

    /** Answers the next command with an error. The server does not receive the command. */
    public void failNext(int code) {
        errorCode = code;
        skip.set(0);
    }

    /** The server executes the next command with this name, and answers that no majority has acknowledged the write. */
    public void missMajority(String command) {
        unacknowledged.set(command);
    }

    /** Ends all faults. */
    public void repair() {
        skip.set(-1);
        unacknowledged.set(null);
        held.countDown();
    }

    /** Holds all commands without an answer. */
    public void hold() {
        heldCommand = null;
        held = new CountDownLatch(1);
    }

    /** Holds all commands with this name. Others pass. */
    public void hold(String command) {
        heldCommand = command;
        held = new CountDownLatch(1);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        repair();
        synchronized (open) {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                client.setTcpNoDelay(true);
                synchronized (open) {
                    open.add(client);
                }
                start("mongo-proxy-client", () -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket upstream = new Socket(server.getAddress(), server.getPort())) {
            upstream.setTcpNoDelay(true);
            DataInputStream requests = new DataInputStream(client.getInputStream());
            DataInputStream replies = new DataInputStream(upstream.getInputStream());
            while (exchange(requests, replies, client.getOutputStream(), upstream.getOutputStream())) {
                // The condition forwards one command
            }
        } catch (IOException e) {
            // One connection is closed, so the other one is closed too
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean exchange(InputStream requests, InputStream replies, OutputStream toClient, OutputStream toServer)
            throws IOException, InterruptedException {
        byte[] request = read(requests);
        if (request == null) {
            return false;
        }
        boolean broken = false;
        if (!isUnharmed(request)) {
            if (heldCommand == null || isNamed(request, heldCommand)) {
                held.await();
            }
            broken = skip.get() >= 0 && skip.getAndDecrement() == 0;
        }
        if (broken && errorCode != 0) {
            toClient.write(error(request, errorCode));
            toClient.flush();
            return true;
        }
        if (broken && fault == Fault.NOT_SENT) {
            return false;
        }
        toServer.write(request);
        toServer.flush();
        byte[] reply = read(replies);
        if (reply == null || broken) {
            return false;
        }
        String missing = unacknowledged.get();
        if (missing != null && isNamed(request, missing) && unacknowledged.compareAndSet(missing, null)) {
            reply = withoutMajority(request, reply);
        }
        toClient.write(reply);
        toClient.flush();
        return true;
    }

    private static boolean isUnharmed(byte[] request) {
        return UNHARMED.stream().anyMatch(name -> isNamed(request, name));
    }

    private static boolean isNamed(byte[] request, String command) {
        // The name of the command is the first key of the first document
        String text = new String(request, 0, Math.min(request.length, 120), StandardCharsets.ISO_8859_1);
        return text.contains(command + '\0');
    }

    private static byte @Nullable [] read(InputStream from) throws IOException {
        byte[] length = from.readNBytes(4);
        if (length.length < 4) {
            return null;
        }
        int size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
        byte[] message = new byte[size];
        System.arraycopy(length, 0, message, 0, 4);
        if (from.readNBytes(message, 4, size - 4) < size - 4) {
            throw new EOFException();
        }
        return message;
    }

    private static byte[] error(byte[] request, int code) {
        BsonDocument body = new BsonDocument("ok", new BsonDouble(0))
                .append("code", new BsonInt32(code))
                .append("codeName", new BsonString("Injected"))
                .append("errmsg", new BsonString("injected"));
        return message(request, body);
    }

    private static byte[] withoutMajority(byte[] request, byte[] reply) {
        BsonDocument body =
                new RawBsonDocument(reply, HEADER + 5, reply.length - HEADER - 5).decode(new BsonDocumentCodec());
        body.append(
                "writeConcernError",
                new BsonDocument("code", new BsonInt32(64))
                        .append("codeName", new BsonString("WriteConcernFailed"))
                        .append("errmsg", new BsonString("injected")));
        return message(request, body);
    }

    private static byte[] message(byte[] request, BsonDocument body) {
        BasicOutputBuffer buffer = new BasicOutputBuffer();
        new BsonDocumentCodec()
                .encode(
                        new BsonBinaryWriter(buffer),
                        body,
                        EncoderContext.builder().build());
        byte[] document = buffer.toByteArray();
        int requestId = ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN).getInt(4);
        return ByteBuffer.allocate(HEADER + 5 + document.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(HEADER + 5 + document.length)
                .putInt(1)
                .putInt(requestId)
                .putInt(2013)
                .putInt(0)
                .put((byte) 0)
                .put(document)
                .array();
    }

    private static void start(String name, Runnable action) {
        Thread thread = new Thread(action, name);
        thread.setDaemon(true);
        thread.start();
    }
}
