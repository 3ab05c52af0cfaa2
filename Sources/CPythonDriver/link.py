# ---- The link between J and X ----------------------------------------------------------------
#
# A frame is its length and some values, one after the other. J asks
#     "call", name or handle, arguments (tuple), keywords (dict)
#     "get", handle, name     or     "set", handle, name, value
# and X answers
#     "value", result, the arguments as the call left them, or None where it changed none
#     "raise", builtin base, arguments, type, message, last line
#     "uncrossable", type, is a trick, reason     or     "missing", name
# Nothing but the arguments of calls goes to X: what a test wants to see stays in J.

MAXIMUM_ARGUMENT_BYTES = 1 << 26


def encode_all(values, limit, objects=None):
    return b"".join([encode(value, limit, objects) for value in values])


def send_frame(data):
    write_all(LINK, pack_u32(len(data)) + data)


def receive_frame(limit):
    """The next frame, or None where the other side is gone or sends something else."""
    header = read_exactly(LINK, 4)
    if header is None:
        return None
    count = unpack_u32(header)[0]
    return read_exactly(LINK, count) if count <= limit else None


class Objects:
    """X's side of handles: the objects that J knows by number."""

    def __init__(self):
        self.objects = []
        self.numbers = {}  # by id, which stays taken while `objects` holds the object

    def put(self, out, value):
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.objects)
            self.objects.append(value)
        try:
            truth = bool(value)
        except Exception:
            truth = None
        kind = type(value)
        put_handle(out, number, type_name(kind), is_trick(kind), truth)

    def take(self, number, data, place):
        _, place = take_facts(data, place)
        return self.objects[number], place


def put_handle(out, number, name, is_trick, truth):
    out += b"h" + pack_u32(number) + encode_all((name, is_trick, truth), 1 << 16)


def take_facts(data, place):
    """What X says of an object: its type's name, whether that is a trick, its truth."""
    name, place = take(data, place, None, 0)
    is_trick, place = take(data, place, None, 0)
    truth, place = take(data, place, None, 0)
    if type(name) is not str or type(is_trick) is not bool or type(truth) not in (bool, type(None)):
        raise Malformed("handle")
    return (name, is_trick, truth), place


# Exceptions that J raises again in the test. Not those that end an iteration: in a test that loops over
# results they would end the loop, and with it the test, as if all had been right.
BUILTIN_EXCEPTIONS = {
    name: kind for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, Exception)
    and not issubclass(kind, (StopIteration, StopAsyncIteration))
}
BUILTIN_EXCEPTION_IDS = {id(kind): name for name, kind in BUILTIN_EXCEPTIONS.items()}


def run_serve(job):
    """Loads a solution and does what J asks of it, until J has no more."""
    load(job)
    objects = Objects()
    limit = job["limit"]
    while True:
        frame = receive_frame(2 * MAXIMUM_ARGUMENT_BYTES)
        if frame is None:
            leave(0)
        try:
            answer = answer_to(frame, objects, limit)
        except Uncrossable as refusal:
            answer = encode_all(
                ("uncrossable", refusal.type_name, refusal.is_trick, refusal.reason), REPORT_BYTES)
        except BaseException as error:
            answer = encode_exception(error, limit)
        send_frame(answer)


def answer_to(frame, objects, limit):
    kind, place = take(frame, 0, objects, 0)
    target, place = take(frame, place, objects, 0)
    if kind == "get":
        name, _ = take(frame, place, objects, 0)
        return encode_all(("value", getattr(target, name), None), limit, objects)
    if kind == "set":
        name, place = take(frame, place, objects, 0)
        value, _ = take(frame, place, objects, 0)
        setattr(target, name, value)
        return encode_all(("value", None, None), limit)
    function = find(target) if type(target) is str else target
    if function is None:
        return encode_all(("missing", target), REPORT_BYTES)
    arguments, end = take(frame, place, objects, 0)
    keywords, _ = take(frame, end, objects, 0)
    answer = encode_all(("value", function(*arguments, **keywords)), limit, objects)
    before = frame[place:end]
    try:
        after = encode(arguments, limit + len(before), objects)
    except Uncrossable:
        after = before  # grown too large or too deep: the test keeps its own
    return answer + (b"N" if after == before else after)


def encode_exception(error, limit):
    if isinstance(error, SystemExit):
        attempts.report("early-exit")
    bases = [BUILTIN_EXCEPTION_IDS.get(id(kind)) for kind in type_mro_of(type(error))]
    base = next((name for name in bases if name is not None), None)  # None: not an Exception
    facts = describe(error)
    try:
        arguments = encode(BaseException.args.__get__(error), limit)
    except Uncrossable:
        arguments = encode((facts[1],), REPORT_BYTES)
    return encode_all(("raise", base), REPORT_BYTES) + arguments + encode_all(facts, REPORT_BYTES)
