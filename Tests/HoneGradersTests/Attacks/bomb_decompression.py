# bomb_decompression | format: call | a few bytes that unpack to a gigabyte | expect: memory-limit, runtime-error, time-limit
import zlib
def solve(xs):
    packer = zlib.compressobj(9)
    bomb = b"".join(packer.compress(b"\0" * (1 << 20)) for _ in range(1024)) + packer.flush()
    return len(zlib.decompress(bomb))
