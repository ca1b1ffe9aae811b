package org.usermem.mm.aio;

/**
 * A completed request: Linux's {@code io_event}.
 *
 * @param data what the request carried in {@code aio_data}
 * @param object the address of the request's {@code iocb}
 * @param result bytes moved, or a negated errno
 * @param secondResult 0, or a negated errno
 */
public record AioEvent(long data, long object, long result, long secondResult) {}
