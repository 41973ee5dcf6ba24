package io.perch.resourceserver.live;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to one client without blocking. Data that the connection does not accept now waits in a bounded queue. All methods may
 * be called by any thread. Only one thread writes at a time; it also does the work of threads that call in the meantime.
 */
final class EventWriter implements WriteListener, AsyncListener {

    private static final Logger log = LoggerFactory.getLogger(EventWriter.class);

    private final BlockingQueue<byte[]> queue;
    private final Runnable onClosed;
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable AsyncContext exchange;
    private volatile @Nullable ServletOutputStream output;
    private volatile boolean writable;
    private volatile boolean ending;
    private volatile boolean ended;
    private volatile long lastWrite = System.nanoTime();
    // Only for the writing thread
    private boolean unflushed;

    /**
     * Creates a writer without a connection.
     *
     * @param capacity how many items may wait
     * @param onClosed called when the connection is closed, for any reason
     */
    EventWriter(int capacity, Runnable onClosed) {
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.onClosed = onClosed;
    }

    /** Starts to write. Called once on the request's own thread, after the headers were set. */
    void connect(AsyncContext started, ServletOutputStream stream) {
        exchange = started;
        output = stream;
        started.addListener(this);
        stream.setWriteListener(this);
    }

    /**
     * Writes as soon as the connection accepts data. Does nothing after the end.
     *
     * @return false if the queue is full and nothing was written
     */
    boolean write(byte[] bytes) {
        if (ending) {
            return true;
        }
        boolean queued = queue.offer(bytes);
        drain();
        return queued;
    }

    /** Ends the response after all queued data was written. */
    void end() {
        ending = true;
        drain();
    }

    /** Ends the response without the queued data. If the connection accepts no data, the server's write timeout closes it. */
    void discard() {
        ending = true;
        queue.clear();
        drain();
    }

    /** Returns how many items the queue accepts now. */
    int room() {
        return queue.remainingCapacity();
    }

    /** Returns whether the queue is empty and nothing was written since this {@link System#nanoTime}. */
    boolean isSilentSince(long time) {
        return queue.isEmpty() && lastWrite - time < 0;
    }

    @Override
    public void onWritePossible() {
        writable = true;
        drain();
    }

    @Override
    public void onError(Throwable failure) {
        log.debug("A client closed its connection: {}", failure.getMessage());
        closed();
    }

    @Override
    public void onError(AsyncEvent event) {
        closed();
        complete(event.getAsyncContext());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        complete(event.getAsyncContext());
    }

    @Override
    public void onComplete(AsyncEvent event) {
        closed();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // The asynchronous request is started only once
    }

    private void drain() {
        if (calls.getAndIncrement() > 0) {
            return;
        }
        int done = 1;
        do {
            ServletOutputStream stream = output;
            if (stream != null && writable) {
                writing.lock();
                try {
                    if (!ended) {
                        writeWhileReady(stream);
                    }
                } finally {
                    writing.unlock();
                }
            }
            done = calls.addAndGet(-done);
        } while (done > 0);
    }

    /** If the connection accepts no more data, the server later calls {@link #onWritePossible}. */
    private void writeWhileReady(ServletOutputStream stream) {
        try {
            while (stream.isReady()) {
                byte[] next = queue.poll();
                if (next != null) {
                    unflushed = true;
                    stream.write(next);
                    lastWrite = System.nanoTime();
                } else if (unflushed) {
                    unflushed = false;
                    stream.flush();
                } else {
                    if (ending) {
                        ended = true;
                        complete(exchange);
                    }
                    return;
                }
            }
        } catch (IOException | RuntimeException e) {
            // The container reports its own failed write with onError. After other failures the response must not be
            // used either
            log.debug("A client closed its connection: {}", e.getMessage());
            closed();
        }
    }

    /**
     * After this returns, the container reuses the request and the response for another client. A write that is still failing in
     * another thread would damage that client's response. So this waits for it; writes do not block.
     */
    private void closed() {
        ending = true;
        writing.lock();
        try {
            ended = true;
        } finally {
            writing.unlock();
        }
        queue.clear();
        onClosed.run();
    }

    private static void complete(@Nullable AsyncContext exchange) {
        try {
            if (exchange != null) {
                exchange.complete();
            }
        } catch (IllegalStateException e) {
            log.debug("A stream had already ended: {}", e.getMessage());
        }
    }
}
