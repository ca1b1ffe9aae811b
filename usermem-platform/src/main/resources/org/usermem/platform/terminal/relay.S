# A signal handler that writes the number of the signal into a pipe, where a Java thread reads it.
# The JVM can't run Java code in a handler; these few instructions use nothing of the JVM or libc.
#
# Made into relay.bin by
#     as --64 -o relay.o relay.S && objcopy -O binary -j .text relay.o relay.bin
# SignalRelay.java has the same offsets, and sets the descriptor.

        .set    NR_WRITE, 1
        .set    NR_RT_SIGRETURN, 15

        .text

        .org    0x00
handler:
        push    %rdi                    # the number: the eight bytes that are written
        mov     $NR_WRITE, %eax
        mov     descriptor(%rip), %edi
        mov     %rsp, %rsi
        mov     $8, %edx
        syscall                         # if the pipe is full the signal is lost, like one pending
        pop     %rdi
        ret

        .org    0x40
restorer:
        mov     $NR_RT_SIGRETURN, %eax
        syscall
        hlt

        .org    0x60
descriptor:
        .long   -1
