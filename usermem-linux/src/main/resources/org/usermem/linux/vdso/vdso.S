# The vdso(7) of programs in a sentry: an ELF image of one page that the loader maps and names in
# AT_SYSINFO_EHDR. glibc, musl and the Go runtime find these functions by name and version.
#
# Made into vdso.bin by
#     as --64 -o vdso.o vdso.S && ld -T vdso.lds -shared -soname linux-vdso.so.1 --hash-style=both \
#         -Bsymbolic -z max-page-size=4096 --build-id=none --eh-frame-hdr -o vdso.so vdso.o && \
#         objcopy -S -R .comment vdso.so vdso.bin
# The loader stores at HOST, which Vdso.java knows, the address of a clock_gettime of the host that
# the platform keeps in the address space, or zero. That function reads the pages that the host's
# kernel keeps for it, and makes a system call where the host's clock source can't be read so; the
# sentry gets that call like any other.
#
# A clock here shows what the system call shows: the sentry reads the same clocks of the host, and
# has the coarse ones be as fine as the others. So time does not go back, whichever way it is asked.

        .set    NR_GETTIMEOFDAY, 96
        .set    NR_TIME, 201
        .set    NR_CLOCK_GETTIME, 228
        .set    NR_CLOCK_GETRES, 229
        .set    NR_GETCPU, 309

# Sets of clocks, bit n for clock n.
        .set    LIKE_REALTIME, 1 << 0 | 1 << 5                   # and COARSE
        .set    LIKE_MONOTONIC, 1 << 1 | 1 << 4 | 1 << 6 | 1 << 7 # RAW, COARSE, BOOTTIME
        .set    COARSE, 1 << 5 | 1 << 6
        .set    LAST_CLOCK, 7

        .section .host, "a"
host:   .quad   0

        .macro  function name, alias
        .globl  \name
        .type   \name, @function
        .weak   \alias
        .set    \alias, \name
        .p2align 4
\name:
        .cfi_startproc
        .endm

        .macro  end name
        .cfi_endproc
        .size   \name, . - \name
        .endm

        .macro  systemcall number
        mov     $\number, %eax
        syscall
        ret
        .endm

        .text

# int clock_gettime(clockid_t clock, struct timespec *time)
        function __vdso_clock_gettime, clock_gettime
        mov     host(%rip), %rax
        test    %rax, %rax
        jz      2f
        cmp     $LAST_CLOCK, %edi
        ja      2f
        mov     $LIKE_REALTIME, %ecx
        bt      %edi, %ecx
        jc      1f
        mov     $LIKE_MONOTONIC, %ecx
        bt      %edi, %ecx
        jnc     2f
        mov     $1, %edi
        jmp     *%rax
1:      xor     %edi, %edi
        jmp     *%rax
2:      systemcall NR_CLOCK_GETTIME
        end     __vdso_clock_gettime

# int gettimeofday(struct timeval *time, struct timezone *zone)
        function __vdso_gettimeofday, gettimeofday
        mov     host(%rip), %rax
        test    %rax, %rax
        jz      3f
        push    %rdi
        .cfi_adjust_cfa_offset 8
        push    %rsi
        .cfi_adjust_cfa_offset 8
        sub     $24, %rsp
        .cfi_adjust_cfa_offset 24
        xor     %edi, %edi
        mov     %rsp, %rsi
        call    *%rax
        mov     32(%rsp), %rdi
        test    %rdi, %rdi
        jz      1f
        mov     (%rsp), %rax
        mov     %rax, (%rdi)
        mov     8(%rsp), %eax
        imul    $274877907, %rax, %rax  # divided by 1000: times 2^38 / 1000, rounded up
        shr     $38, %rax
        mov     %rax, 8(%rdi)
1:      mov     24(%rsp), %rsi
        test    %rsi, %rsi
        jz      2f
        movq    $0, (%rsi)
2:      add     $40, %rsp
        .cfi_adjust_cfa_offset -40
        xor     %eax, %eax
        ret
3:      systemcall NR_GETTIMEOFDAY
        end     __vdso_gettimeofday

# time_t time(time_t *time)
        function __vdso_time, time
        mov     host(%rip), %rax
        test    %rax, %rax
        jz      2f
        push    %rdi
        .cfi_adjust_cfa_offset 8
        sub     $16, %rsp
        .cfi_adjust_cfa_offset 16
        xor     %edi, %edi
        mov     %rsp, %rsi
        call    *%rax
        mov     (%rsp), %rax
        add     $16, %rsp
        .cfi_adjust_cfa_offset -16
        pop     %rdi
        .cfi_adjust_cfa_offset -8
        test    %rdi, %rdi
        jz      1f
        mov     %rax, (%rdi)
1:      ret
2:      systemcall NR_TIME
        end     __vdso_time

# int clock_getres(clockid_t clock, struct timespec *resolution)
        function __vdso_clock_getres, clock_getres
        cmp     $LAST_CLOCK, %edi
        ja      3f
        mov     $LIKE_REALTIME | LIKE_MONOTONIC, %ecx
        bt      %edi, %ecx
        jnc     3f
        test    %rsi, %rsi
        jz      2f
        mov     $1, %eax
        mov     $COARSE, %ecx
        bt      %edi, %ecx
        jnc     1f
        mov     $4000000, %eax
1:      movq    $0, (%rsi)
        mov     %rax, 8(%rsi)
2:      xor     %eax, %eax
        ret
3:      systemcall NR_CLOCK_GETRES
        end     __vdso_clock_getres

# int getcpu(unsigned *cpu, unsigned *node, void *unused): which processor that is the sentry says.
        function __vdso_getcpu, getcpu
        systemcall NR_GETCPU
        end     __vdso_getcpu

        .section .note.GNU-stack, "", @progbits
