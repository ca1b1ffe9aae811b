// Package peer measures gVisor's mm.MemoryManager at what the JMH benchmarks of
// org.usermem.benchmarks.mm measure of usermem's.
package peer

import (
	"fmt"
	"math/rand"
	"os"
	"testing"
	"time"

	"gvisor.dev/gvisor/pkg/context"
	"gvisor.dev/gvisor/pkg/hostarch"
	"gvisor.dev/gvisor/pkg/memutil"
	"gvisor.dev/gvisor/pkg/safemem"
	"gvisor.dev/gvisor/pkg/sentry/arch"
	"gvisor.dev/gvisor/pkg/sentry/kernel/auth"
	"gvisor.dev/gvisor/pkg/sentry/limits"
	"gvisor.dev/gvisor/pkg/sentry/memmap"
	"gvisor.dev/gvisor/pkg/sentry/mm"
	"gvisor.dev/gvisor/pkg/sentry/pgalloc"
	"gvisor.dev/gvisor/pkg/sentry/platform/ptrace"
	"gvisor.dev/gvisor/pkg/usermem"
)

const (
	page      = hostarch.PageSize
	manyPages = 16384
	manyAreas = 10000
)

var opts usermem.IOOpts

// sentry is a context that knows what a memory manager asks a sentry for.
type sentry struct {
	context.Context
	values map[interface{}]interface{}
}

func (s *sentry) Value(key interface{}) interface{} {
	if v, ok := s.values[key]; ok {
		return v
	}
	return s.Context.Value(key)
}

// program is an address space without a guest.
type program struct {
	*mm.MemoryManager
	b   *testing.B
	ctx *sentry
}

// There can be one platform only.
var platform *ptrace.PTrace

func check(b *testing.B, err error) {
	if err != nil {
		b.Helper()
		b.Fatal(err)
	}
}

// newProgram makes an address space over a memory file of its own, which end destroys.
func newProgram(b *testing.B) (p program, end func()) {
	fd, err := memutil.CreateMemFD("memory", 0)
	check(b, err)
	file, err := pgalloc.NewMemoryFile(os.NewFile(uintptr(fd), "memory"), pgalloc.MemoryFileOpts{})
	check(b, err)
	if platform == nil {
		platform, err = ptrace.New()
		check(b, err)
	}
	p = program{mm.NewMemoryManager(platform, file, false), b, &sentry{
		context.Background(),
		map[interface{}]interface{}{
			auth.CtxCredentials:           auth.NewAnonymousCredentials(),
			limits.CtxLimits:              limits.NewLimitSet(),
			pgalloc.CtxMemoryFile:         file,
			pgalloc.CtxMemoryFileProvider: file,
		},
	}}
	_, err = p.SetMmapLayout(arch.New(arch.AMD64), limits.NewLimitSet())
	check(b, err)
	return p, func() {
		p.DecUsers(p.ctx)
		file.Destroy()
	}
}

func (p program) mmap(pages uint64) hostarch.Addr {
	addr, err := p.MMap(p.ctx, memmap.MMapOpts{
		Length:   pages * page,
		Private:  true,
		Perms:    hostarch.ReadWrite,
		MaxPerms: hostarch.AnyAccess,
	})
	check(p.b, err)
	return addr
}

func (p program) touched(pages uint64) hostarch.Addr {
	addr := p.mmap(pages)
	_, err := p.ZeroOut(p.ctx, addr, int64(pages*page), opts)
	check(p.b, err)
	return addr
}

// splitEveryPage makes an area of each page.
func (p program) splitEveryPage(addr hostarch.Addr, pages int) {
	for i := 0; i < pages; i += 2 {
		check(p.b, p.MProtect(at(addr, i), page, hostarch.Read, false))
	}
}

// activate makes what a fork asks for.
func (p program) activate() {
	check(p.b, p.Activate(p.ctx))
}

func at(addr hostarch.Addr, pageNumber int) hostarch.Addr {
	return addr + hostarch.Addr(pageNumber*page)
}

func (p program) copyOut(addr hostarch.Addr, buf []byte) {
	if n, err := p.CopyOut(p.ctx, addr, buf, opts); n != len(buf) {
		p.b.Fatal(err)
	}
}

func loop(b *testing.B, operation func()) {
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		operation()
	}
}

func BenchmarkCopy(b *testing.B) {
	p, end := newProgram(b)
	defer end()
	addr := p.touched(1024) + 64
	for _, size := range []int{8, 64, 512, 4096, 65536, 1 << 20} {
		buf := make([]byte, size)
		b.Run(fmt.Sprint("In/", size), func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				if n, err := p.CopyIn(p.ctx, addr, buf, opts); n != len(buf) {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprint("Out/", size), func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				if n, err := p.CopyOut(p.ctx, addr, buf, opts); n != len(buf) {
					b.Fatal(err)
				}
			}
		})
	}
}

func random(b *testing.B, pages int, split bool) {
	p, end := newProgram(b)
	defer end()
	addr := p.touched(uint64(pages))
	if split {
		p.splitEveryPage(addr, pages)
	}
	order := rand.New(rand.NewSource(1)).Perm(pages)
	buf := make([]byte, 64)
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if n, err := p.CopyIn(p.ctx, at(addr, order[i%pages]), buf, opts); n != len(buf) {
			b.Fatal(err)
		}
	}
}

func BenchmarkRandomInOneArea(b *testing.B)      { random(b, manyPages, false) }
func BenchmarkRandomAmongManyAreas(b *testing.B) { random(b, manyAreas, true) }

func BenchmarkTwoThreads(b *testing.B) {
	p, end := newProgram(b)
	defer end()
	addr := p.touched(1024) + 64
	b.RunParallel(func(pb *testing.PB) {
		buf := make([]byte, 64)
		for pb.Next() {
			p.CopyIn(p.ctx, addr, buf, opts)
		}
	})
}

func BenchmarkLoad(b *testing.B) {
	p, end := newProgram(b)
	defer end()
	addr := p.touched(16)
	for i := 0; i < b.N; i++ {
		if _, err := p.LoadUint32(p.ctx, addr, opts); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompareAndExchange(b *testing.B) {
	p, end := newProgram(b)
	defer end()
	addr := p.touched(16)
	for i := 0; i < b.N; i++ {
		if _, err := p.CompareAndSwapUint32(p.ctx, addr, 0, 0, opts); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkString(b *testing.B) {
	p, end := newProgram(b)
	defer end()
	addr := p.touched(16) + 512
	text := make([]byte, 33)
	for i := range text[:32] {
		text[i] = 'x'
	}
	p.copyOut(addr, text)
	loop(b, func() {
		if s, err := usermem.CopyStringIn(p.ctx, p, addr, 4096, opts); len(s) != 32 {
			b.Fatal(err)
		}
	})
}

func BenchmarkSequence(b *testing.B) {
	p, end := newProgram(b)
	defer end()
	addr := p.touched(256)
	ranges := make([]hostarch.AddrRange, 8)
	for i := range ranges {
		start := at(addr, 2*i)
		ranges[i] = hostarch.AddrRange{Start: start, End: start + 512}
	}
	seq := usermem.IOSequence{IO: p, Addrs: hostarch.AddrRangeSeqFromSlice(ranges)}
	buf := make([]byte, 4096)
	blocks := safemem.BlockSeqOf(safemem.BlockFromSafeSlice(buf))
	b.Run("Out", func(b *testing.B) {
		loop(b, func() { seq.CopyOut(p.ctx, buf) })
	})
	b.Run("OutFrom", func(b *testing.B) {
		loop(b, func() { seq.CopyOutFrom(p.ctx, &safemem.BlockSeqReader{Blocks: blocks}) })
	})
	b.Run("InTo", func(b *testing.B) {
		loop(b, func() { seq.CopyInTo(p.ctx, &safemem.BlockSeqWriter{Blocks: blocks}) })
	})
}

// perPage reports the time that each of b.N rounds takes to write a byte to each page.
func perPage(b *testing.B, pages int, round func() (p program, addr hostarch.Addr, end func())) {
	one := []byte{1}
	var total time.Duration
	for i := 0; i < b.N; i++ {
		p, addr, end := round()
		start := time.Now()
		for n := 0; n < pages; n++ {
			p.copyOut(at(addr, n), one)
		}
		total += time.Since(start)
		end()
	}
	b.ReportMetric(float64(total.Nanoseconds())/float64(b.N*pages), "ns/op")
}

func BenchmarkFirstTouch(b *testing.B) {
	perPage(b, manyPages, func() (program, hostarch.Addr, func()) {
		p, end := newProgram(b)
		return p, p.mmap(manyPages), end
	})
}

func BenchmarkCopyOnWriteBreak(b *testing.B) {
	p, end := newProgram(b)
	defer end()
	p.activate()
	defer p.Deactivate()
	addr := p.touched(manyAreas)
	perPage(b, manyAreas, func() (program, hostarch.Addr, func()) {
		child, err := p.Fork(p.ctx)
		check(b, err)
		return program{child, b, p.ctx}, addr, func() { child.DecUsers(p.ctx) }
	})
}

func BenchmarkMapAndUnmap(b *testing.B) {
	p, end := newProgram(b)
	defer end()
	loop(b, func() { check(b, p.MUnmap(p.ctx, p.mmap(1), page)) })
}

func BenchmarkProtectFlip(b *testing.B) {
	p, end := newProgram(b)
	defer end()
	addr := at(p.touched(64), 16)
	flipped := false
	loop(b, func() {
		access := hostarch.ReadWrite
		if flipped = !flipped; flipped {
			access = hostarch.Read
		}
		check(b, p.MProtect(addr, page, access, false))
	})
}

func BenchmarkRemap(b *testing.B) {
	const size = 16 * page
	p, end := newProgram(b)
	defer end()
	here := p.touched(16)
	there := here - 1<<30
	loop(b, func() {
		_, err := p.MRemap(p.ctx, here, size, size, mm.MRemapOpts{Move: mm.MRemapMustMove, NewAddr: there})
		check(b, err)
		here, there = there, here
	})
}

func BenchmarkFork(b *testing.B) {
	for name, split := range map[string]bool{"1": false, "10000": true} {
		b.Run(name, func(b *testing.B) {
			p, end := newProgram(b)
			defer end()
			p.activate()
			defer p.Deactivate()
			addr := p.touched(manyAreas)
			if split {
				p.splitEveryPage(addr, manyAreas)
			}
			b.ResetTimer()
			for i := 0; i < b.N; i++ {
				child, err := p.Fork(p.ctx)
				check(b, err)
				b.StopTimer()
				child.DecUsers(p.ctx)
				b.StartTimer()
			}
		})
	}
}
