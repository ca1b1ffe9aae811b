"""Prints what a core dump says of an address in memory, of its signal, and which notes it has."""
import struct, sys

core = open(sys.argv[1], "rb").read()
address = int(sys.argv[2], 16)
assert core[:4] == b"\x7fELF" and struct.unpack_from("<HH", core, 16) == (4, 62)
headers, = struct.unpack_from("<Q", core, 32)
size, count = struct.unpack_from("<HH", core, 54)
for i in range(count):
    kind, flags, offset, start, _, stored, length, _ = struct.unpack_from("<IIQQQQQQ", core, headers + i * size)
    if kind == 4:
        at, notes = offset, []
        while at < offset + stored:
            name, body, note = struct.unpack_from("<III", core, at)
            at += 12 + (name + 3 & ~3)
            notes.append(hex(note))
            if note == 1:
                print("signal", struct.unpack_from("<i", core, at)[0])
            at += body + 3 & ~3
        print(*notes)
    elif start <= address < start + stored:
        where = offset + address - start
        print(core[where : core.index(b"\0", where)].decode())
