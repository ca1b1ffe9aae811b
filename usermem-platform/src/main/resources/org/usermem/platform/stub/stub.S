# The code of a stub process: what runs in a guest's address space that is not the guest's.
#
# Made into stub.bin by
#     as --64 -o stub.o stub.S && objcopy -O binary -j .text stub.o stub.bin
# StubLayout.java has the same offsets. The code is position-independent, uses no stack, and shares
# its page with data that StubImage.java appends at DATA.

        .set    DATA, 0x800
        .set    PARENT, DATA            # 32 bits: process id of the JVM

        .set    NR_MMAP, 9
        .set    NR_RT_SIGRETURN, 15
        .set    NR_PAUSE, 34
        .set    NR_EXIT, 60
        .set    NR_GETPPID, 110
        .set    NR_PRCTL, 157
        .set    NR_FUTEX, 202
        .set    NR_EXIT_GROUP, 231

# The control page of a guest thread of the systrap platform: ControlPage.java has the same offsets.
        .set    STATE, 0                # futex; what the states mean:
        .set    DEAD, 0
        .set    STOPPED, 1
        .set    RUNNING, 2
        .set    EXITING, 3
        .set    SENTRY_SLEEPS, 64       # the sentry waits for STATE in the kernel
        .set    FS_TO, 72               # bases of FS and GS to go on with
        .set    GS_TO, 80
        .set    STUB_SLEEPS, 128        # the stub waits for STATE in the kernel
        .set    SIGNAL, 132
        .set    UCONTEXT, 136
        .set    FS_FROM, 144            # bases of FS and GS that the guest stopped with
        .set    GS_FROM, 152
        .set    SLOT_MASK, -0x10000     # a control page is at a multiple of this

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

# The first instruction of a guest thread of systrap: a call that its filter traps, so that the
# handler takes over with a frame for the sentry to fill.
        .org    0x1c0
start:
        mov     $NR_GETPPID, %eax
        syscall
        hlt

# The handler of all signals of guest threads of systrap; rdi, rsi, rdx: signal, siginfo, ucontext.
# The kernel has put all of the guest's state into a frame on the alternate stack, which is in the
# memory file: the sentry reads and changes it there. The stack is not written to, and nothing that
# is read from memory decides more than when to go on and what the guest's bases are.
        .org    0x200
handler:
        mov     %rsp, %rbx
        and     $SLOT_MASK, %rbx
        mov     %edi, SIGNAL(%rbx)
        mov     %rdx, UCONTEXT(%rbx)
        rdfsbase %rax
        mov     %rax, FS_FROM(%rbx)
        rdgsbase %rax
        mov     %rax, GS_FROM(%rbx)
        mov     $STOPPED, %eax
        xchg    %eax, STATE(%rbx)
        cmpl    $0, SENTRY_SLEEPS(%rbx)
        je      wait
        mov     $NR_FUTEX, %eax
        mov     %rbx, %rdi
        mov     $1, %esi                # FUTEX_WAKE
        mov     $1, %edx
        syscall
wake_return:
wait:
        cmpl    $STOPPED, STATE(%rbx)
        jne     3f
        mov     $1, %eax
        xchg    %eax, STUB_SLEEPS(%rbx)
        cmpl    $STOPPED, STATE(%rbx)
        jne     2f
        mov     $NR_FUTEX, %eax
        mov     %rbx, %rdi
        xor     %esi, %esi              # FUTEX_WAIT
        mov     $STOPPED, %edx
        xor     %r10d, %r10d
        syscall
wait_return:
2:      movl    $0, STUB_SLEEPS(%rbx)
        jmp     wait
3:      cmpl    $EXITING, STATE(%rbx)
        je      4f
        mov     FS_TO(%rbx), %rax
        wrfsbase %rax
        mov     GS_TO(%rbx), %rax
        wrgsbase %rax
        lea     8(%rsp), %rsp           # as "ret" to the restorer would leave it
        mov     $NR_RT_SIGRETURN, %eax
        syscall
sigreturn_return:
        hlt
4:      mov     $NR_EXIT, %eax
        xor     %edi, %edi
        syscall
exit_return:
        hlt

        .org    DATA
