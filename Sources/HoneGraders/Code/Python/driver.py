"""The Python side of the code grader: one warm interpreter that forks a child for every case.

Three kinds of process run this file. The zygote imports what programs commonly use, then serves
its keeper over a socket; it never runs a line of a program. A child of it that runs a program
under test is called X here; one that runs the trusted text of a test is called J, for judge.

What can be trusted: nothing that comes out of X. A program shares its process with the driver and
may replace, read or forge whatever it finds there. That is harmless by design: expected values
never enter X, and all that leaves it are claims about values, which are decoded as data and
compared elsewhere. A program that forges a claim has to know the right answer. So the code that
runs in X strives to be exact and to report well; it does not defend itself.

It runs as `python3 -S -s -B -X utf8 -W ignore -c SOURCE`, on Python 3.8 and later.
"""

import builtins

# Functions of this file see the builtins as they are now, whatever a program makes of them later.
__builtins__ = dict(vars(builtins))

import ast
import atexit
import ctypes
import gc
import io
import itertools
import linecache
import os
import resource
import socket
import struct
import sys
import traceback
import types
from collections import Counter, OrderedDict, defaultdict, deque
from os import fsdecode, read, write
from os.path import join, realpath, split

# Modules prepare for forks (threading, random); with one thread there is nothing to prepare, and
# it costs more than all the rest of a fork. A child registers what was put off here for its own.
fork_hooks = []
register_at_fork = os.register_at_fork
os.register_at_fork = lambda **hooks: fork_hooks.append(hooks)

# What programs commonly import, loaded once for all of them.
for module_name in (
    "abc array bisect cmath collections contextlib copy ctypes dataclasses datetime decimal enum"
    " fractions functools hashlib heapq json math numbers operator queue random re signal"
    " statistics string textwrap threading time typing unicodedata _sitebuiltins"
).split():
    try:
        __import__(module_name)
    except ImportError:
        pass  # a small installation; a program that wants it will say so
os.register_at_fork = register_at_fork

CONTROL = 3  # the zygote's socket; where a child finds its job instead
JOB, RESULTS, LINK = 3, 4, 5  # a child's own descriptors
FIRST_FREE = 6
FILE_NAME = "program.py"

pack_u32 = struct.Struct("<I").pack
unpack_u32 = struct.Struct("<I").unpack_from
pack_double = struct.Struct("<d").pack
unpack_double = struct.Struct("<d").unpack_from

# The zygote's only thread lives on as a child's main thread; exits go past every hook.
leave = os._exit


# ---- Values on the wire ----------------------------------------------------------------------
#
# Builtin values cross by copy, told apart by their exact type: a subclass is something else. A
# value that is not one of these stays where it is. Between X and J it is then named by a handle:
# the test can pass it back, ask whether it is true, and read or set its attributes, but nothing
# that it says of itself (__eq__, __repr__ and the like) is believed.

MAXIMUM_DEPTH = 100

# Types that cross as values themselves, as in `remove(items, int)`.
NAMED_TYPES = {
    kind.__name__: kind
    for kind in (bool, int, float, complex, str, bytes, bytearray, list, tuple, set, frozenset,
                 dict, range, type(None), object, type)
}
NAMED_TYPE_IDS = {id(kind): name for name, kind in NAMED_TYPES.items()}

# Iterators cross drained. Looked up by identity: a hash is something a metaclass can lie about.
ITERATOR_IDS = {
    id(kind) for kind in (
        types.GeneratorType, map, filter, zip, enumerate, reversed,
        *(type(iter(value)) for value in (
            [], (), "", "é", b"", bytearray(), set(), {}, {}.values(), {}.items(), range(0),
            range(1 << 70), deque())),
        type(reversed([])), type(reversed({})), type(iter(int, 0)),
        *(kind for kind in vars(itertools).values()
          if isinstance(kind, type) and hasattr(kind, "__next__")),
    )
}

type_name_of = type.__dict__["__name__"].__get__
type_mro_of = type.__dict__["__mro__"].__get__
type_dict_of = type.__dict__["__dict__"].__get__


def type_name(kind):
    """A type's name, for people; its metaclass is not asked."""
    return str.__str__(type_name_of(kind))[:100]


class Uncrossable(Exception):
    """A value that cannot be written, and why: its "type", its "depth" or its "size"."""

    def __init__(self, kind, reason="type"):
        self.type_name = type_name(kind)
        self.reason = reason
        self.is_trick = reason == "type" and overrides_comparison(kind)


def overrides_comparison(kind):
    """Whether a class looks made to deceive a comparison.

    That is a class with an `__eq__` or `__ne__` of its own (that a dataclass did not get from
    its decorator), or a builtin value type in disguise that also changes how it is represented.
    """
    disguised = False
    changed = set()
    for base in type_mro_of(kind):
        if id(base) in NAMED_TYPE_IDS:
            disguised = disguised or base is not object
        else:
            for name, member in type_dict_of(base).items():
                if type(member) is types.WrapperDescriptorType and member.__objclass__ is base:
                    continue  # a class written in C
                code = getattr(member, "__code__", None)
                if getattr(code, "co_filename", FILE_NAME) == FILE_NAME:
                    changed.add(name)
    if changed & {"__eq__", "__ne__"}:
        return True
    return disguised and bool(changed & {"__lt__", "__hash__", "__repr__", "__str__", "__index__"})


def is_named_tuple(kind):
    """Whether a class adds names to a tuple and leaves alone what it is equal to."""
    return (type_mro_of(kind)[1:] == (tuple, object) and "_fields" in type_dict_of(kind)
            and not {"__eq__", "__ne__", "__iter__", "__getitem__", "__len__"} & set(type_dict_of(kind)))


class Writer:
    """Writes values as bytes, at most `limit` of them."""

    def __init__(self, limit, handles=None):
        self.out = bytearray()
        self.limit = limit
        self.handles = handles

    def put(self, value, depth=0):
        kind = type(value)
        out = self.out
        if kind is int:
            if value.bit_length() > 4 * self.limit:
                raise Uncrossable(kind, "size")
            self.put_bytes(b"i", b"%x" % value)
        elif kind is str:
            self.put_bytes(b"s", value.encode("utf-8", "surrogatepass"))
        elif value is None:
            out += b"N"
        elif kind is bool:
            out += b"T" if value else b"F"
        elif kind is float:
            out += b"f" + pack_double(value)
        elif kind is list:
            self.put_items(b"l", value, depth)
        elif kind is tuple:
            self.put_items(b"t", value, depth)
        elif kind is dict or kind is Counter or kind is defaultdict or kind is OrderedDict:
            self.put_pairs(kind.items(value), depth)
        elif kind is set or kind is frozenset:
            self.put_set(b"S" if kind is set else b"Z", value, depth)
        elif kind is bytes or kind is bytearray:
            self.put_bytes(b"b" if kind is bytes else b"a", value)
        elif kind is complex:
            out += b"c" + pack_double(value.real) + pack_double(value.imag)
        elif kind is range:
            out += b"r"
            for bound in (value.start, value.stop, value.step):
                self.put(int(bound), depth)
        elif kind is deque:
            self.put_items(b"q", value, depth)
        elif id(kind) in ITERATOR_IDS:
            self.put_items(b"I", value, depth)
        elif kind is type and id(value) in NAMED_TYPE_IDS:
            self.put_bytes(b"y", NAMED_TYPE_IDS[id(value)].encode())
        elif is_named_tuple(kind):
            self.put_items(b"t", tuple.__iter__(value), depth)
        elif self.handles is not None:
            self.handles.put(self, value)
        else:
            raise Uncrossable(kind)
        if len(out) > self.limit:
            raise Uncrossable(kind, "size")

    def put_bytes(self, tag, data):
        if len(data) > self.limit:
            raise Uncrossable(type(data), "size")
        self.out += tag + pack_u32(len(data)) + data

    def put_items(self, tag, items, depth):
        # The count is filled in afterwards: only an iterator's end knows it, and even a list may
        # grow while a generator inside it runs. Every item takes a byte, so the limit ends both.
        if depth >= MAXIMUM_DEPTH:
            raise Uncrossable(type(items), "depth")
        out = self.out
        out += tag
        place = len(out)
        out += b"\0\0\0\0"
        count = 0
        for item in items:
            self.put(item, depth + 1)
            count += 1
        out[place:place + 4] = pack_u32(count)

    def put_pairs(self, pairs, depth):
        if depth >= MAXIMUM_DEPTH:
            raise Uncrossable(dict, "depth")
        self.out += b"d" + pack_u32(len(pairs))
        for key, value in pairs:
            self.put(key, depth + 1)
            self.put(value, depth + 1)

    def put_set(self, tag, items, depth):
        # In the order of the encodings, so that equal sets are equal bytes.
        if depth >= MAXIMUM_DEPTH:
            raise Uncrossable(set, "depth")
        encodings = []
        size = len(self.out)
        for item in items:
            writer = Writer(self.limit, self.handles)
            writer.put(item, depth + 1)
            encodings.append(bytes(writer.out))
            size += len(writer.out)
            if size > self.limit:
                raise Uncrossable(set, "size")
        self.out += tag + pack_u32(len(encodings))
        for encoding in sorted(encodings):
            self.out += encoding


def encode(value, limit, handles=None):
    writer = Writer(limit, handles)
    writer.put(value)
    return bytes(writer.out)


class Malformed(Exception):
    """Bytes that are no value."""


class Reader:
    """Reads values from bytes. Strict: what `Writer` cannot have written is refused."""

    def __init__(self, data, handles=None):
        self.data = data
        self.place = 0
        self.handles = handles
        self.has_mutable = False  # whether a value that can change was read

    def take(self, depth=0):
        tag = self.take_bytes(1)
        if tag == b"i":
            return self.take_integer()
        if tag == b"s":
            return self.take_text()
        if tag == b"N":
            return None
        if tag == b"T":
            return True
        if tag == b"F":
            return False
        if tag == b"f":
            return unpack_double(self.take_bytes(8))[0]
        if tag == b"c":
            parts = self.take_bytes(16)
            return complex(unpack_double(parts)[0], unpack_double(parts, 8)[0])
        if tag == b"b":
            return self.take_bytes(self.take_count())
        if tag == b"r":
            bounds = self.take(depth), self.take(depth), self.take(depth)
            if any(type(bound) is not int for bound in bounds) or bounds[2] == 0:
                raise Malformed("range")
            return range(*bounds)
        if tag == b"y":
            name = self.take_text()
            if name not in NAMED_TYPES:
                raise Malformed("type")
            return NAMED_TYPES[name]
        if tag == b"h" and self.handles is not None:
            return self.handles.take(self)
        if tag == b"a":
            self.has_mutable = True
            return bytearray(self.take_bytes(self.take_count()))
        if depth >= MAXIMUM_DEPTH:
            raise Malformed("depth")
        if tag == b"t":
            return tuple(self.take_items(depth))
        if tag == b"Z":
            return frozenset(self.take_elements(depth))
        if tag == b"I":
            return (item for item in self.take_items(depth))
        self.has_mutable = True
        if tag == b"l":
            return self.take_items(depth)
        if tag == b"d":
            return self.take_pairs(depth)
        if tag == b"S":
            return self.take_elements(depth)
        if tag == b"q":
            return deque(self.take_items(depth))
        raise Malformed("tag")

    def take_bytes(self, count):
        end = self.place + count
        if end > len(self.data):
            raise Malformed("length")
        part = self.data[self.place:end]
        self.place = end
        return part

    def take_count(self):
        return unpack_u32(self.take_bytes(4))[0]

    def take_integer(self):
        digits = self.take_bytes(self.take_count())
        value = int(digits, 16) if digits.strip(b"-0123456789abcdef") == b"" and digits else None
        if value is None or b"%x" % value != digits:
            raise Malformed("integer")
        return value

    def take_text(self):
        return self.take_bytes(self.take_count()).decode("utf-8", "surrogatepass")

    def take_items(self, depth):
        count = self.take_count()
        if count > len(self.data) - self.place:
            raise Malformed("count")
        return [self.take(depth + 1) for _ in range(count)]

    def take_elements(self, depth):
        elements = set()
        previous = b""
        for _ in range(self.take_count()):
            start = self.place
            elements.add(self.take(depth + 1))
            encoding = self.data[start:self.place]
            if encoding <= previous:
                raise Malformed("order")
            previous = encoding
        return elements

    def take_pairs(self, depth):
        count = self.take_count()
        if count > len(self.data) - self.place:
            raise Malformed("count")
        pairs = {}
        for _ in range(count):
            key = self.take(depth + 1)
            pairs[key] = self.take(depth + 1)
        if len(pairs) != count:
            raise Malformed("keys")
        return pairs


def decode(data, handles=None):
    reader = Reader(data, handles)
    try:
        value = reader.take()
    except (ValueError, TypeError) as error:  # not UTF-8; a list as a key
        raise Malformed(str(error))
    if reader.place != len(data):
        raise Malformed("trailing bytes")
    return value


# ---- Bytes in and out ------------------------------------------------------------------------

def read_exactly(descriptor, count):
    """The next `count` bytes, or None where they end before."""
    parts = []
    while count > 0:
        part = read(descriptor, min(count, 1 << 20))
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def write_all(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[write(descriptor, view):]


def record(kind, payload=b""):
    """Reports to the grader."""
    write_all(RESULTS, kind + pack_u32(len(payload)) + payload)


def record_value(kind, value):
    record(kind, encode(value, 1 << 20))


class Attempts:
    """Counts what a program had no need to try: each kind is reported once.

    A counter, not a guard. It stops nothing, since the kernel does, and a program that wants to
    can get round it. Reporting ends with the result, which must not be torn apart.
    """

    def __init__(self):
        self.seen = set()
        self.has_ended = False

    def report(self, kind):
        if kind not in self.seen and not self.has_ended:
            self.seen.add(kind)
            record(b"A", kind.encode())

    def end(self):
        self.has_ended = True

    def watch(self, scratch):
        """Starts to see the interpreter's audit events."""
        self.inside = join(scratch, "")
        self.process = os.getpid()
        sys.addaudithook(self.see)

    def see(self, event, arguments):
        watch = WATCHED_EVENTS.get(event)
        if watch is not None:
            try:
                kind, test = watch
                if test(self, arguments):
                    self.report(kind)
            except BaseException:
                pass  # an odd argument is the business of the function that was called

    def is_outside(self, path, follows=True):
        """Whether a path leads out of the scratch folder."""
        if type(path) is int:
            return False  # a descriptor: whatever it is, it was opened before
        path = fsdecode(path)
        if path.startswith(HARMLESS_PATHS):
            return False
        if follows:
            path = realpath(path)
        else:  # what is done to a link itself
            folder, name = split(path)
            path = join(realpath(folder), name)
        return not join(path, "").startswith(self.inside)

    def opens_for_writing(self, arguments):
        path, _, flags = arguments
        return bool(flags & WRITING) and self.is_outside(path)

    def changes_target(self, arguments):
        return self.is_outside(arguments[0])

    def changes_entry(self, arguments):
        return self.is_outside(arguments[0], follows=False)

    def makes_link(self, arguments):
        return self.is_outside(arguments[1], follows=False)

    def moves(self, arguments):
        return self.changes_entry(arguments) or self.makes_link(arguments)

    def signals_another(self, arguments):
        return arguments[0] != self.process

    def makes_internet_socket(self, arguments):
        return arguments[1] in (socket.AF_INET, socket.AF_INET6)

    def reaches_out(self, arguments):
        return type(arguments[1]) is tuple  # the address of a Unix socket is a path

    def always(self, arguments):
        return True


WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
HARMLESS_PATHS = (
    "/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/std", "/dev/fd/", "/proc/self/fd/")
WATCHED_EVENTS = {
    event: (kind, test)
    for kind, test, events in (
        ("write-outside", Attempts.opens_for_writing, "open"),
        ("write-outside", Attempts.changes_target, "os.chmod os.chown os.truncate os.utime"),
        ("write-outside", Attempts.changes_entry, "os.remove os.rmdir os.mkdir"),
        ("write-outside", Attempts.makes_link, "os.symlink os.link"),
        ("write-outside", Attempts.moves, "os.rename"),
        ("forbidden-call", Attempts.signals_another, "os.kill os.killpg"),
        ("forbidden-call", Attempts.makes_internet_socket, "socket.__new__"),
        ("forbidden-call", Attempts.reaches_out, "socket.connect socket.bind socket.sendto"),
        ("forbidden-call", Attempts.always,
         "socket.getaddrinfo socket.gethostbyname subprocess.Popen os.system os.exec"
         " os.posix_spawn os.spawn os.forkpty pty.spawn"),
    )
    for event in events.split()
}
attempts = Attempts()


# ---- X: programs -----------------------------------------------------------------------------

def make_standard_streams():
    """Makes sys.stdin, stdout and stderr as Python does for pipes.

    The zygote makes them for all children. A stream asks its descriptor only once whether it can
    seek; so that it hears what is true of a child's, the descriptors are a pipe's meanwhile.
    """
    reader, writer = os.pipe()
    for descriptor, end in enumerate((reader, writer, writer)):
        os.dup2(end, descriptor)
    for descriptor, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        raw = io.FileIO(descriptor, mode, closefd=False)
        raw.name = "<%s>" % name
        stream = io.TextIOWrapper(
            io.BufferedReader(raw) if mode == "r" else io.BufferedWriter(raw), encoding="utf-8",
            errors="backslashreplace" if name == "stderr" else "surrogateescape", newline="\n",
            line_buffering=name == "stderr")
        stream.mode = mode
        setattr(sys, name, stream)
        setattr(sys, "__%s__" % name, stream)


def become_fresh(module_name):
    """Makes the interpreter look newly started, as far as a program can tell.

    Returns the module that the program is to run in.
    """
    for hooks in fork_hooks:
        register_at_fork(**hooks)
    scratch = os.getcwd()
    sys.path.insert(0, scratch)
    sys.modules["__main__"] = types.ModuleType("__main__")
    module = types.ModuleType(module_name)
    module.__file__ = os.path.join(scratch, FILE_NAME)
    module.__builtins__ = builtins
    sys.modules[module_name] = module
    attempts.watch(scratch)
    return module


def compiled(source):
    """The program's code; one that does not compile ends here."""
    try:
        return compile(source, FILE_NAME, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
        record_value(b"C", compile_error_text(error))
        print_traceback(error, None, source)
        leave(1)


def compile_error_text(error):
    return "%s: %s" % (type_name(type(error)), str(error)[:1000])


def print_traceback(error, trace, source):
    """Prints as Python does when a program dies of an exception, with the program's lines."""
    try:
        linecache.cache[FILE_NAME] = (len(source), None, source.splitlines(True), FILE_NAME)
        if sys.excepthook is sys.__excepthook__:
            traceback.print_exception(type(error), error, trace)
        else:
            sys.excepthook(type(error), error, trace)
        sys.stderr.flush()
    except BaseException:
        pass  # nothing that a broken stderr or a hook of the program's own could change


def run_stdio(job):
    """A whole program, from standard input to standard output."""
    module = become_fresh("__main__")
    sys.argv = [FILE_NAME] + job["arguments"]
    source = job["source"]
    code = compiled(source)
    status = 0
    try:
        exec(code, module.__dict__)
    except SystemExit as request:
        status = exit_status(request)
    except BaseException as error:
        print_traceback(error, error.__traceback__.tb_next, source)  # without this frame
        status = 1
    leave(end_as_python_does(module, status))


def exit_status(request):
    """What the shell would see of a SystemExit."""
    code = request.code
    if code is None:
        return 0
    if isinstance(code, int):
        return int(code) & 0xFF
    try:
        print(code, file=sys.stderr)
    except Exception:
        pass
    return 1


def end_as_python_does(module, status):
    """Threads, exit functions, buffers and the globals that own open files, in Python's order."""
    for step in (sys.modules["threading"]._shutdown, atexit._run_exitfuncs):
        try:
            step()
        except BaseException as error:
            print_traceback(error, error.__traceback__, "")
    if not flush_output():
        status = 120
    # A file that the program never closed is written out when its last name is gone.
    for name in list(module.__dict__):
        if name != "__builtins__":
            module.__dict__[name] = None
    flush_output()
    return status


def flush_output():
    is_written = True
    for stream in (sys.stdout, sys.__stdout__, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except BaseException:
            is_written = is_written and stream is sys.stderr
    return is_written


def load(source):
    """Runs a program's text as a module; one that fails to load ends here."""
    module = become_fresh("program")
    sys.argv = [FILE_NAME]
    code = compiled(source)
    try:
        exec(code, module.__dict__)
    except BaseException as error:
        report_exception("load", error)
        leave(1)
    return module


def report_exception(stage, error):
    if isinstance(error, SystemExit):
        attempts.report("early-exit")
    kind, message, last_line = describe(error)
    attempts.end()
    record_value(
        b"E", {"stage": stage, "type": kind, "message": message, "last_line": last_line})


def describe(error):
    """An exception's type, its message and the last line of its traceback."""
    kind = type_name(type(error))
    try:
        message = str.__str__(str(error))[:1000]
    except BaseException:
        message = "(an exception that cannot be shown)"
    return kind, message, "%s: %s" % (kind, message.strip().split("\n")[0]) if message else kind


def find(module, name):
    """The function of that name, or the method of a fresh `Solution`; None if there is neither."""
    names = module.__dict__
    owner, _, method = name.rpartition(".")
    if not owner:
        if name in names:
            return names[name]
        owner, method = "Solution", name
    owner = names.get(owner)
    if not isinstance(owner, type) or not hasattr(owner, method):
        return None
    return getattr(owner(), method)


def run_call(job):
    """One call, whose result is reported as a value."""
    module = load(job["source"])
    try:
        function = find(module, job["name"])
        if function is None:
            attempts.end()
            record_value(b"M", job["name"])
            leave(1)
        result = function(*job["args"], **job["kwargs"])
        # Drained iterators run code of the program, so this too is part of the call.
        payload = encode(result, job["limit"])
    except Uncrossable as refusal:
        record_uncrossable(refusal.type_name, refusal.is_trick, refusal.reason)
        leave(1)
    except BaseException as error:
        report_exception("call", error)
        leave(1)
    attempts.end()
    record(b"V", payload)
    leave(0)


def record_uncrossable(name, is_trick, reason):
    if is_trick:
        attempts.report("equality-trick")
    attempts.end()
    record_value(b"U", {"type": name, "trick": is_trick, "reason": reason})


# ---- The link between J and X ----------------------------------------------------------------
#
# A frame is its length and the values one after the other. J asks
#     "call", name or handle, arguments (tuple), keywords (dict)
#     "get", handle, name     or     "set", handle, name, value
# and X answers
#     "value", result, arguments as the call left them, or None where none of them changed
#     "raise", builtin base, arguments, type, message, last line
#     "uncrossable", type, whether it is a trick, reason     or     "missing", name
# Nothing but the arguments of calls goes to X: what a test wants to see stays in J.

MAXIMUM_ARGUMENT_BYTES = 1 << 26


def encode_all(values, limit, handles=None):
    return b"".join([encode(value, limit, handles) for value in values])


def send_frame(data):
    write_all(LINK, pack_u32(len(data)) + data)


def receive_frame(limit):
    """The next frame, or None where the other side is gone or sends something else."""
    header = read_exactly(LINK, 4)
    if header is None:
        return None
    count = unpack_u32(header)[0]
    return read_exactly(LINK, count) if count <= limit else None


BUILTIN_EXCEPTIONS = {
    name: kind for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, Exception)
}
BUILTIN_EXCEPTION_IDS = {id(kind): name for name, kind in BUILTIN_EXCEPTIONS.items()}


class Objects:
    """X's side of handles: the objects that J knows by number."""

    def __init__(self):
        self.objects = []
        self.numbers = {}  # by id, which stays taken while `objects` holds the object

    def put(self, writer, value):
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.objects)
            self.objects.append(value)
        try:
            truth = bool(value)
        except Exception:
            truth = None
        put_handle(writer, number, type_name(type(value)), overrides_comparison(type(value)), truth)

    def take(self, reader):
        return self.objects[take_handle(reader)[0]]


def put_handle(writer, number, *facts):
    writer.out += b"h" + pack_u32(number)
    for fact in facts:
        writer.put(fact)


def take_handle(reader):
    """A number, then what X says of the object: its type, whether that is a trick, its truth."""
    number = reader.take_count()
    name, is_trick, truth = reader.take(), reader.take(), reader.take()
    if type(name) is not str or type(is_trick) is not bool or type(truth) not in (bool, type(None)):
        raise Malformed("handle")
    return number, name, is_trick, truth


def run_serve(job):
    """Does what J asks for, until it has no more."""
    module = load(job["source"])
    objects = Objects()
    limit = job["limit"]
    while True:
        frame = receive_frame(2 * MAXIMUM_ARGUMENT_BYTES)
        if frame is None:
            leave(0)
        try:
            answer = answer_to(Reader(frame, objects), module, objects, limit)
        except Uncrossable as refusal:
            answer = encode_all(
                ("uncrossable", refusal.type_name, refusal.is_trick, refusal.reason), limit)
        except BaseException as error:
            answer = encode_exception(error, limit)
        send_frame(answer)


def answer_to(request, module, objects, limit):
    kind, target = request.take(), request.take()
    if kind == "get":
        return encode_all(("value", getattr(target, request.take()), None), limit, objects)
    if kind == "set":
        setattr(target, request.take(), request.take())
        return encode_all(("value", None, None), limit)
    function = find(module, target) if type(target) is str else target
    if function is None:
        return encode_all(("missing", target), limit)
    start = request.place
    arguments = request.take()
    before = request.data[start:request.place]
    can_change = request.has_mutable
    keywords = request.take()
    answer = encode_all(("value", function(*arguments, **keywords)), limit, objects)
    if can_change:
        try:
            after = encode(arguments, limit + len(before), objects)
            if after != before:
                return answer + after
        except Uncrossable:
            pass  # grown too large or too deep: the test keeps its own
    return answer + encode(None, limit)


def encode_exception(error, limit):
    if isinstance(error, SystemExit):
        attempts.report("early-exit")
    bases = [BUILTIN_EXCEPTION_IDS.get(id(kind)) for kind in type_mro_of(type(error))]
    base = next((name for name in bases if name is not None), None)  # None: not an Exception
    facts = describe(error)
    try:
        arguments = encode(BaseException.args.__get__(error), limit)
    except Uncrossable:
        arguments = encode((facts[1],), limit)
    return encode_all(("raise", base), limit) + arguments + encode_all(facts, limit)


# ---- J: the trusted text of a test -----------------------------------------------------------

class TestEnd(BaseException):
    """Leaves a test whose end is settled. Not an Exception, which a test may well catch."""


class Program:
    """J's side of the link: the program as far as a test can see it."""

    def __init__(self, limit):
        self.limit = limit
        self.ending = None  # the record that settles the test, whatever becomes of its text
        self.has_called = False
        self.raised = None  # the last exception that came from the program, and its description
        self.handles = {}

    def end(self, kind, value=None):
        if self.ending is None:
            self.ending = (kind, b"" if value is None else encode(value, 1 << 20))
        raise TestEnd

    def refuse(self, name, is_trick, reason):
        if is_trick and self.ending is None:
            record(b"A", b"equality-trick")
        self.end(b"U", {"type": name, "trick": is_trick, "reason": reason})

    def ask(self, *parts):
        """Sends a request and reads the answer. What comes back is data from a hostile source."""
        if self.ending is not None:
            raise TestEnd
        try:
            request = encode_all(parts, MAXIMUM_ARGUMENT_BYTES, self)
        except Uncrossable as refusal:
            message = "an argument of type %s cannot be sent to the program (%s)" % (
                refusal.type_name, refusal.reason)
            self.end(b"B", failure("TypeError", message))
        self.has_called = True
        try:
            send_frame(request)
            frame = receive_frame(2 * self.limit + len(request) + 4096)
            answer = None if frame is None else decode_all(frame, self)
        except (OSError, Malformed):
            answer = None
        if answer is None:
            self.end(b"L")
        return self.settle(answer)

    def settle(self, answer):
        """An answer's result and changed arguments; other answers leave the test."""
        kind, shape = answer[0], [type(part) for part in answer[1:]]
        if kind == "value" and len(shape) == 2 and shape[1] in (tuple, type(None)):
            return answer[1], answer[2]
        if kind == "uncrossable" and shape == [str, bool, str]:
            self.refuse(*answer[1:])
        if kind == "missing" and shape == [str]:
            self.end(b"M", answer[1])
        if kind == "raise" and shape[1:] == [tuple, str, str, str]:
            base, arguments, *facts = answer[1:]
            description = dict(zip(("type", "message", "last_line"), facts), stage="call")
            if base not in BUILTIN_EXCEPTIONS:
                self.end(b"E", description)
            try:
                error = BUILTIN_EXCEPTIONS[base](*arguments)
            except Exception:
                error = RuntimeError(facts[1])
            self.raised = (error, description)
            raise error
        self.end(b"L")

    def call(self, target, arguments, keywords):
        result, changed = self.ask("call", target, arguments, keywords)
        if changed is not None and len(changed) == len(arguments):
            for old, new in zip(arguments, changed):
                update(old, new)
        return result

    def put(self, writer, value):
        if type(value) is not Handle:
            raise Uncrossable(type(value))
        facts = value._Handle__facts
        put_handle(writer, facts.number, facts.type_name, facts.is_trick, facts.truth)

    def take(self, reader):
        number, *facts = take_handle(reader)
        if number not in self.handles:
            self.handles[number] = Handle(self, number)
        handle = self.handles[number]
        handle._Handle__facts.say(*facts)
        return handle


def decode_all(data, handles):
    reader = Reader(data, handles)
    values = []
    try:
        while reader.place < len(data):
            values.append(reader.take())
    except (ValueError, TypeError) as error:
        raise Malformed(str(error))
    if not values:
        raise Malformed("empty")
    return values


def update(old, new):
    """Makes `old` what `new` is, in place where it can change; returns which one to keep.

    Objects inside `old` that stay where they were are kept too, so that names the test has for
    them see the change.
    """
    if isinstance(old, dict) and type(new) is dict:
        items = {key: update(old[key], new[key]) if key in old else new[key] for key in new}
        old.clear()
        dict.update(old, items)
    elif type(old) is not type(new):
        return new
    elif type(old) is list or type(old) is deque:
        items = [update(*pair) for pair in zip(old, new)] + list(new)[len(old):]
        old.clear()
        old.extend(items)
    elif type(old) is set:
        old.clear()
        old.update(new)
    elif type(old) is bytearray:
        old[:] = new
    elif type(old) is tuple and len(old) == len(new):
        items = [update(*pair) for pair in zip(old, new)]
        return old if all(a is b for a, b in zip(old, items)) else tuple(items)
    else:
        return new
    return old


class HandleFacts:
    """What J knows of an object in X."""

    def __init__(self, program, number):
        self.program = program
        self.number = number

    def say(self, name, is_trick, truth):
        self.type_name = name
        self.is_trick = is_trick
        self.truth = truth


class Handle:
    """Stands for an object that cannot cross.

    It is what it was in X only where that is a plain claim: whether it is true, its attributes,
    what its methods return, and that it is the same object as another. A test that compares or
    shows it, which would mean to believe the program's own code, ends there.
    """

    __slots__ = ("__facts",)

    def __init__(self, program, number):
        object.__setattr__(self, "_Handle__facts", HandleFacts(program, number))

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self.__facts.program.ask("get", self, name)[0]

    def __setattr__(self, name, value):
        self.__facts.program.ask("set", self, name, value)

    def __call__(self, *arguments, **keywords):
        return self.__facts.program.call(self, arguments, keywords)

    def __bool__(self):
        truth = self.__facts.truth
        return refuse_operation(self) if truth is None else truth

    def __eq__(self, other):
        return self is other or refuse_operation(self)

    def __ne__(self, other):
        return self is not other and refuse_operation(self)


def refuse_operation(handle, *others):
    facts = handle._Handle__facts
    facts.program.refuse(facts.type_name, facts.is_trick, "type")


for operation in (
    "hash repr str format bytes int float complex index round abs neg pos invert reduce_ex"
    " lt le gt ge len iter next reversed contains getitem setitem delitem enter exit"
    " add sub mul matmul truediv floordiv mod divmod pow lshift rshift and or xor"
    " radd rsub rmul rmatmul rtruediv rfloordiv rmod rdivmod rpow rlshift rrshift rand ror rxor"
).split():
    setattr(Handle, "__%s__" % operation, refuse_operation)


def run_judge(job):
    """Runs a test and reports how it ended: one record, whatever happens."""
    program = Program(job["limit"])
    test = Test(program)
    error = None
    try:
        test.run_humaneval(job) if job["kind"] == "humaneval" else test.run_script(job)
    except BaseException as problem:
        error = problem
    if program.ending is not None:
        kind, payload = program.ending
        record(kind, payload)
    elif error is None and program.has_called:
        record(b"P")
    elif error is None:
        record_value(b"B", failure("", "the test asks nothing of the program"))
    elif program.raised is not None and error is program.raised[0]:
        record_value(b"E", program.raised[1])
    else:
        # Before the first call nothing of the program has been seen: the text is at fault.
        record_value(b"F" if program.has_called else b"B", test.failure(error))
    leave(0)


def failure(kind, message, last_line=None):
    return {"type": kind, "message": message, "last_line": last_line or message}


class Test:
    """A namespace in which trusted texts run, with stubs for what the program defines."""

    def __init__(self, program):
        self.program = program
        self.names = {"__name__": "test", "__builtins__": builtins}
        self.has_stub = False
        self.texts = {}

    def run_humaneval(self, job):
        self.execute("prompt", self.complete(job["prompt"]))
        entry_point = job["entry_point"]
        candidate = self.names[entry_point] = self.stub(entry_point)
        self.execute("test", job["test"])
        self.names["check"](candidate)

    def run_script(self, job):
        setup, text = ast.parse(job["setup"]), ast.parse(job["assert"])
        self.provide(names_needed(setup))
        self.execute("setup", job["setup"])
        self.provide(names_needed(text))
        if not self.has_stub:
            self.provide_builtin(text)
        self.execute("assert", job["assert"])

    def complete(self, prompt):
        """A prompt that can be executed: a function without a docstring lacks a body."""
        for body in ("", "\n    pass\n", "\n\tpass\n"):
            try:
                ast.parse(prompt + body)
                return prompt + body
            except SyntaxError:
                pass
        return prompt

    def execute(self, name, text):
        self.texts[name] = text.splitlines()
        exec(compile(text, name, "exec", dont_inherit=True), self.names)

    def stub(self, name):
        program = self.program
        self.has_stub = True

        def candidate(*arguments, **keywords):
            return program.call(name, arguments, keywords)

        candidate.__name__ = candidate.__qualname__ = name
        return candidate

    def provide(self, needed):
        """Stubs for names that a text needs and nobody defined.

        A module's name, used as one, is the module: tests lean on a solution's imports.
        """
        for name, is_called in needed.items():
            if name not in self.names and not hasattr(builtins, name):
                is_module = not is_called and name in sys.modules
                self.names[name] = sys.modules[name] if is_module else self.stub(name)

    def provide_builtin(self, text):
        """A stub where a text is about a function that has a builtin's name.

        Only where it is the one thing that is called, as in `assert sum(10, 15) == 6`: a program
        that took the place of the `set` in `assert set(f(x)) == set(y)` would be its own judge.
        """
        called = {node.func.id for node in ast.walk(text)
                  if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
        if len(called) == 1:
            name = called.pop()
            self.names[name] = self.stub(name)

    def failure(self, error):
        """How the test failed, with the line that did where the exception says nothing."""
        kind, message, last_line = describe(error)
        trace = error.__traceback__
        line = ""
        while trace is not None:
            text = self.texts.get(trace.tb_frame.f_code.co_filename, ())
            if 0 < trace.tb_lineno <= len(text):
                line = text[trace.tb_lineno - 1].strip()
            trace = trace.tb_next
        if not message and line:
            last_line = "%s: %s" % (kind, line)
        return failure(kind, message, last_line[:1000])


def names_needed(tree):
    """The names that a text reads and never binds: whether each is used in any other way than
    `name.attribute`."""
    read_names = {}
    bound = set()
    attribute_bases = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                is_plain = id(node) not in attribute_bases
                read_names[node.id] = read_names.get(node.id, False) or is_plain
            else:
                bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).split(".")[0])
        elif isinstance(getattr(node, "name", None), str):  # functions, classes, except ... as
            bound.add(node.name)
    return {name: is_plain for name, is_plain in read_names.items() if name not in bound}


# ---- Checking syntax -------------------------------------------------------------------------

CHECK_JOB = encode({"mode": "check"}, 64)


def run_check(pending):
    """Answers whether programs compile, one after the other, and runs none of them."""
    while True:
        while len(pending) < 4 or len(pending) < 4 + unpack_u32(pending)[0]:
            part = read(JOB, 1 << 16)
            if not part:
                leave(0)
            pending += part
        end = 4 + unpack_u32(pending)[0]
        try:
            compile(pending[4:end].decode(), FILE_NAME, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
            record_value(b"C", compile_error_text(error))
        else:
            record(b"O")
        pending = pending[end:]


# ---- The zygote ------------------------------------------------------------------------------

ENTERS_CELL, HAS_LINK, CHANGES_USER, DROPS_CAPABILITIES, ENTERS_LANDLOCK = 1, 2, 4, 8, 16
HOME, RULES = 60, 61  # the keeper's process and the rules of Landlock, out of the way of the rest
LANDLOCK_RESTRICT_SELF = 446  # the same number on every machine
CAPABILITIES_VERSION_3 = 0x20080522
CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWPID = 0x00020000, 0x08000000, 0x20000000


def prepare():
    """Leaves nothing to do, and nothing to find, for the children."""
    sys.path[:] = [folder for folder in sys.path if folder]  # not the working directory
    if "_sitebuiltins" in sys.modules:  # what the site module adds, which -S leaves out
        for name in ("exit", "quit"):
            setattr(builtins, name, sys.modules["_sitebuiltins"].Quitter(name, "Ctrl-D (i.e. EOF)"))
    if hasattr(sys, "orig_argv"):
        sys.orig_argv = ["python3", FILE_NAME]
    os.dup2(CONTROL + 1, HOME, inheritable=False)
    os.dup2(CONTROL + 2, RULES, inheritable=False)
    # What is received must not land on a number that a child needs.
    for descriptor in range(CONTROL + 1, FIRST_FREE):
        os.dup2(0, descriptor)
    make_standard_streams()
    for descriptor in range(CONTROL):
        os.dup2(FIRST_FREE - 1, descriptor)
    os.closerange(FIRST_FREE, HOME)
    os.closerange(RULES + 1, 1024)
    # Collected objects would be touched, and so copied, in every child.
    gc.collect()
    gc.freeze()
    gc.disable()


def serve_keeper():
    """Answers the keeper's requests. Returns in the children only, as soon as they are ready."""
    control = socket.socket(fileno=CONTROL)
    control.send(b"R" + sys.version.split()[0].encode())
    while True:
        packet, ancillary, flags, _ = control.recvmsg(
            8192, socket.CMSG_SPACE(4 * 8), socket.MSG_CMSG_CLOEXEC)
        if not packet:
            leave(0)
        if flags & (socket.MSG_TRUNC | socket.MSG_CTRUNC):
            raise ValueError("a request is cut short")
        if packet[:1] == b"F":
            descriptors = array_of_descriptors(ancillary)
            answer = fork_child(packet, descriptors)
            if answer is None:
                control.detach()
                return
            for descriptor in descriptors:
                os.close(descriptor)
        elif packet[:1] == b"W":
            pid, status, usage = os.wait4(struct.unpack("<xi", packet)[0], 0)
            answer = b"S" + struct.pack(
                "<iiQQ", pid, status, int((usage.ru_utime + usage.ru_stime) * 1e6),
                usage.ru_maxrss)
        else:
            raise ValueError("an unknown request")
        control.send(answer)


def array_of_descriptors(ancillary):
    return [
        number for level, kind, data in ancillary
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS)
        for number, in struct.iter_unpack("=i", data)
    ]


def fork_child(packet, descriptors):
    """Forks a child with these descriptors. The answer for the keeper, or None in the child."""
    header = struct.Struct("<xBIIQQQQQ")
    flags, uid, gid, *limits = header.unpack_from(packet)
    descriptors = list(descriptors)
    cell = descriptors.pop(0) if flags & ENTERS_CELL else None
    if len(descriptors) != (6 if flags & HAS_LINK else 5):
        raise ValueError("%d descriptors" % len(descriptors))
    # The child reports here if it cannot be set up, so that the machine's fault is never taken
    # for the program's; it closes its end, untouched, before it runs anything.
    ready, report = os.pipe()
    try:
        pid = os.fork() if cell is None else fork_into(cell)
    except OSError as error:
        os.close(ready)
        os.close(report)
        return b"E" + ("cannot fork: %s" % error).encode()
    if pid == 0:
        try:
            if cell is not None:
                set_namespace(cell, CLONE_NEWNS | CLONE_NEWIPC)
            become_child(descriptors, packet[header.size:], limits)
            if flags & ENTERS_LANDLOCK:
                call_library("syscall", LANDLOCK_RESTRICT_SELF, RULES, 0)
            if flags & CHANGES_USER:
                os.setgroups([])
                os.setresgid(gid, gid, gid)
                os.setresuid(uid, uid, uid)
            if flags & DROPS_CAPABILITIES:
                call_library("capset", struct.pack("<Ii", CAPABILITIES_VERSION_3, 0), bytes(24))
        except BaseException as error:
            write(report, ("cannot set up: %s" % error).encode())
            leave(1)
        os.closerange(FIRST_FREE, 64)
        return None
    os.close(report)
    problem = read(ready, 1024)
    os.close(ready)
    if problem:
        os.waitpid(pid, 0)
        return b"E" + problem
    return b"P" + struct.pack("<i", pid)


def become_child(descriptors, folder, limits):
    """Takes the places of a child: descriptors, working directory and limits."""
    for target, descriptor in enumerate(descriptors):
        os.dup2(descriptor, target, inheritable=target < JOB)
    if len(descriptors) <= LINK:
        os.close(LINK)
    os.chdir(folder)
    kinds = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC,
             resource.RLIMIT_NOFILE)
    for kind, limit in zip(kinds, limits):
        if limit:
            highest = resource.getrlimit(kind)[1]
            if highest != resource.RLIM_INFINITY:
                limit = min(limit, highest)
            resource.setrlimit(kind, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    highest = resource.getrlimit(resource.RLIMIT_STACK)[1]
    resource.setrlimit(resource.RLIMIT_STACK, (highest, highest))
    gc.enable()


def fork_into(cell):
    """Forks a first process into a cell's process namespace.

    Only children are placed there, never the zygote itself; the child enters the cell's other
    namespaces on its own.
    """
    set_namespace(cell, CLONE_NEWPID)
    pid = None
    try:
        pid = os.fork()
        return pid
    finally:
        if pid != 0:
            set_namespace(HOME, CLONE_NEWPID)


library = ctypes.CDLL(None, use_errno=True)


def call_library(name, *arguments):
    """Calls a function of the C library that Python has no name for."""
    if getattr(library, name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, "%s: %s" % (name, os.strerror(code)))


def set_namespace(process, kinds):
    """Enters namespaces of a process, given by its descriptor."""
    call_library("setns", process, kinds)


def run_job():
    """Reads the job of this child and does it."""
    data = b""
    while True:
        part = read(JOB, 1 << 16)
        if not part:
            break
        data += part
        if data.startswith(CHECK_JOB):
            run_check(data[len(CHECK_JOB):])
    os.close(JOB)
    job = decode(data)
    jobs = {"stdio": run_stdio, "call": run_call, "serve": run_serve, "judge": run_judge}
    jobs[job["mode"]](job)


prepare()
serve_keeper()
try:
    run_job()
finally:
    leave(70)  # only a fault of this file leads here
