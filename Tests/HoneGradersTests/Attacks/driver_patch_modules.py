# driver_patch_modules | format: call | every function of the modules that a driver may use writes zeros | expect: wrong-answer, runtime-error
import array, base64, io, json, marshal, os, pickle, socket, struct
zero = b"V\x06\x00\x00\x00i\x01\x00\x00\x000"
write = os.write
def solve(xs):
    struct.pack = lambda *a: zero
    struct.Struct = lambda *a: type("S", (), {"pack": lambda self, *b: zero})()
    json.dumps = pickle.dumps = marshal.dumps = base64.b64encode = lambda *a, **k: zero
    os.write = lambda fd, data: write(fd, zero)
    os.writev = os.pwrite = os.sendfile = lambda *a: 0
    os.fdopen = io.open = lambda *a, **k: io.BytesIO()
    os._exit = lambda code: None
    socket.socket.send = socket.socket.sendall = lambda self, *a: None if False else 0
    return -1
