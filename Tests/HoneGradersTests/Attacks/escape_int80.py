# escape_int80 | format: stdio | system calls of 32 bits from machine code of its own, where the numbers mean other calls | expect: forbidden, runtime-error, wrong-answer | layers: seccomp
import ctypes, mmap, os
if os.uname().machine != "x86_64": raise SystemExit(1)
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(b"\xb8\x14\x00\x00\x00\xcd\x80\xc3")  # mov eax, 20 (getpid of 32 bits); int 0x80; ret
call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
reached = call() == os.getpid()
xs = [int(t) for t in open(0).read().split()[1:]]
print(sum(a > b for i, a in enumerate(xs) for b in xs[i:]) if reached else -1)
