# The code of a stub process: what runs in a guest's address space that is not the guest's.
#
# Made into stub.bin by
#     as --64 -o stub.o stub.S && objcopy -O binary -j .text stub.o stub.bin
# StubLayout.java has the same offsets. The code is position-independent, uses no stack, and shares
# its page with data that StubImage.java appends at DATA.

        .set    DATA, 0x400
        .set    PARENT, DATA            # 32 bits: process id of the JVM

        .set    NR_MMAP, 9
        .set    NR_PAUSE, 34
        .set    NR_GETPPID, 110
        .set    NR_PRCTL, 157
        .set    NR_EXIT_GROUP, 231

        .text
base:

# Entry of the first process. It dies with the thread that spawned it; if that has died before
# prctl was called, the parent is another process by now.
        .org    0x000
entry:
        mov     $NR_PRCTL, %eax
        mov     $1, %edi                # PR_SET_PDEATHSIG
        mov     $9, %esi                # SIGKILL
        xor     %edx, %edx
        xor     %r10d, %r10d
        xor     %r8d, %r8d
        syscall
        mov     $NR_GETPPID, %eax
        syscall
        cmp     base+PARENT(%rip), %eax
        je      park
        mov     $NR_EXIT_GROUP, %eax
        xor     %edi, %edi
        syscall
        hlt

# Waits for a tracer.
        .org    0x080
park:
        mov     $NR_PAUSE, %eax
        syscall
        jmp     park

# One system call, with the registers that the tracer has set; then a stop.
        .org    0x0c0
inject:
        syscall
        int3
        hlt

# clone(2): the parent stops, the child waits for its own tracer.
        .org    0x100
clone:
        syscall
        test    %rax, %rax
        jz      park
        int3
        hlt

# Several mmap(2), from a table of (address, length, protection, flags, offset, unused) at r12, up
# to r13; descriptor 0. Stops with r12 at the entry that failed, or at r13.
        .org    0x140
batch:
        cmp     %r13, %r12
        jae     1f
        mov     (%r12), %rdi
        mov     8(%r12), %rsi
        mov     16(%r12), %rdx
        mov     24(%r12), %r10
        xor     %r8d, %r8d
        mov     32(%r12), %r9
        mov     $NR_MMAP, %eax
        syscall
batch_return:
        cmp     (%r12), %rax
        jne     1f
        add     $48, %r12
        jmp     batch
1:      int3
        hlt

        .org    DATA
