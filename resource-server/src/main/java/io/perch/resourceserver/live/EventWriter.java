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
 * Writes to one client, and never waits for it: what the connection does not take now waits in a bounded queue. Any thread
 * may call any method; one at a time writes, and those that come meanwhile leave their work to it.
 */
final class EventWriter implements WriteListener, AsyncListener {

    private static final Logger log = LoggerFactory.getLogger(EventWriter.class);

    private final BlockingQueue<byte[]> queue;
    private final Runnable onGone;
    private final ReentrantLock writing = new ReentrantLock();
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable AsyncContext exchange;
    private volatile @Nullable ServletOutputStream output;
    private volatile boolean writable;
    private volatile boolean ending;
    private volatile boolean ended;
    private volatile long lastWrite = System.nanoTime();
    // Used by the writing thread only.
    private boolean unflushed;

    /**
     * Makes a writer that has no connection yet.
     *
     * @param capacity how much may wait
     * @param onGone is called when the connection is gone, whatever the reason
     */
    EventWriter(int capacity, Runnable onGone) {
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.onGone = onGone;
    }

    /** Begins to write; called once, by the request's own thread, after the headers were set. */
    void connect(AsyncContext started, ServletOutputStream stream) {
        exchange = started;
        output = stream;
        started.addListener(this);
        stream.setWriteListener(this);
    }

    /**
     * Writes as soon as the client takes it; nothing any more after the end.
     *
     * @return false if the queue is full, and this is not written
     */
    boolean write(byte[] bytes) {
        if (ending) {
            return true;
        }
        boolean queued = queue.offer(bytes);
        work();
        return queued;
    }

    /** Ends the response after everything that waits was written. */
    void end() {
        ending = true;
        work();
    }

    /** Ends the response without what waits. A connection that takes nothing is left to the server's write timeout. */
    void drop() {
        ending = true;
        queue.clear();
        work();
    }

    /** Returns whether nothing waits to be written, and nothing was written since a time by {@link System#nanoTime}. */
    boolean isSilentSince(long time) {
        return queue.isEmpty() && lastWrite - time < 0;
    }

    @Override
    public void onWritePossible() {
        writable = true;
        work();
    }

    @Override
    public void onError(Throwable failure) {
        log.debug("A client is gone: {}", failure.getMessage());
        gone();
    }

    @Override
    public void onError(AsyncEvent event) {
        gone();
        complete(event.getAsyncContext());
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        complete(event.getAsyncContext());
    }

    @Override
    public void onComplete(AsyncEvent event) {
        gone();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // A stream starts once.
    }

    private void work() {
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
                        writeWhatIsTaken(stream);
                    }
                } finally {
                    writing.unlock();
                }
            }
            done = calls.addAndGet(-done);
        } while (done > 0);
    }

    /** When the connection takes no more, the server calls {@link #onWritePossible} once it does. */
    private void writeWhatIsTaken(ServletOutputStream stream) {
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
            // The server answers its own failed write with onError; what it had ended already is not to be written to.
            log.debug("A client is gone: {}", e.getMessage());
            gone();
        }
    }

    /**
     * When this returns, the server uses the request and the response for another client. A failed write that
     * another thread is still coming back from would leave its failure to that stranger, so it is waited for; writes do
     * not block.
     */
    private void gone() {
        ending = true;
        writing.lock();
        try {
            ended = true;
        } finally {
            writing.unlock();
        }
        queue.clear();
        onGone.run();
    }

    private static void complete(@Nullable AsyncContext exchange) {
        try {
            if (exchange != null) {
                exchange.complete();
            }
        } catch (IllegalStateException e) {
            log.debug("A stream had ended already: {}", e.getMessage());
        }
    }
}
