# ---- Values on the wire ----------------------------------------------------------------------
#
# A tag, then the content; counts and lengths are u32, integers hexadecimal text.
#
#     N T F    None, True, False        l t q   list, tuple, deque: count, items
#     i f c    int, float, complex      d       dict: count, keys and values in order
#     s b a    str, bytes, bytearray    S Z     set, frozenset: count, items sorted by encoding
#     r        range: three ints        I       iterator, drained: count, items
#     y        a builtin type: name     h       handle: number, type, is a trick, truth
#
# Values are told apart by their exact type: a subclass is something else, whatever it says. What
# is none of these stays where it is. Between X and J it is then named by a handle.

MAXIMUM_DEPTH = 100

# Types that cross as values themselves, as in `remove(items, int)`.
NAMED_TYPES = {
    kind.__name__: kind for kind in (
        bool, int, float, complex, str, bytes, bytearray, list, tuple, set, frozenset, dict,
        range, type(None), object, type)
}

# By identity, here and below: a metaclass can lie about hash and equality.
NAMED_TYPE_IDS = {id(kind): name for name, kind in NAMED_TYPES.items()}
ITERATOR_IDS = {
    id(kind) for kind in (
        types.GeneratorType, map, filter, zip, enumerate, reversed,
        *(type(iter(value)) for value in (
            [], (), "", "é", b"", bytearray(), set(), {}, {}.values(), {}.items(), range(0),
            range(1 << 70), deque())),
        type(reversed([])), type(reversed({})), type(iter(int, 0)),
        *(kind for kind in vars(itertools).values()
          if isinstance(kind, type) and hasattr(kind, "__next__")))
}
DEQUE_ITERATOR = type(reversed(deque()))
ITERATOR_IDS.add(id(DEQUE_ITERATOR))

# What a type is, from type itself.
type_name_of = type.__dict__["__name__"].__get__
type_mro_of = type.__dict__["__mro__"].__get__
type_dict_of = type.__dict__["__dict__"].__get__


def type_name(kind):
    return str.__str__(type_name_of(kind))[:100]


class Uncrossable(Exception):
    """A value that cannot be written, for one of the reasons."""

    REASONS = ("type", "depth", "size")

    def __init__(self, kind, reason="type"):
        self.type_name = type_name(kind)
        self.reason = reason
        self.is_trick = reason == "type" and is_trick(kind)


def is_trick(kind):
    """Whether a class looks made to deceive a comparison.

    That is a class with its own `__eq__` or `__ne__` (not one that a dataclass was given), or a
    builtin type in disguise that changes how it is ordered or shown.
    """
    is_disguised = False
    changed = set()
    for base in type_mro_of(kind):
        if id(base) in NAMED_TYPE_IDS:
            is_disguised = is_disguised or base is not object
            continue
        for name, member in type_dict_of(base).items():
            if type(member) is types.WrapperDescriptorType and member.__objclass__ is base:
                continue  # a class written in C
            code = getattr(member, "__code__", None)
            if getattr(code, "co_filename", FILE_NAME) == FILE_NAME:
                changed.add(name)
    if changed & {"__eq__", "__ne__"}:
        return True
    return is_disguised and bool(changed & {"__lt__", "__hash__", "__repr__", "__str__"})


def is_named_tuple(kind):
    """Whether a class gives names to a tuple's items and leaves alone what it is equal to."""
    members = type_dict_of(kind)
    changes = {"__eq__", "__ne__", "__iter__", "__getitem__", "__len__"} & set(members)
    return type_mro_of(kind)[1:] == (tuple, object) and "_fields" in members and not changes


def encode(value, limit, objects=None):
    """The bytes of a value, at most `limit`. Objects without an encoding go to `objects`."""
    out = bytearray()
    try:
        put(out, value, limit, objects, 0)
    except Uncrossable as refusal:
        if refusal.reason != "type":
            refusal.type_name = type_name(type(value))
        raise
    return bytes(out)


def put(out, value, limit, objects, depth):
    kind = type(value)
    if kind is int:
        if value.bit_length() > 4 * limit:
            raise Uncrossable(kind, "size")
        digits = b"%x" % value
        out += b"i" + pack_u32(len(digits)) + digits
    elif kind is str:
        text = value.encode("utf-8", "surrogatepass")
        out += b"s" + pack_u32(len(text)) + text
    elif value is None:
        out += b"N"
    elif kind is bool:
        out += b"T" if value else b"F"
    elif kind is float:
        out += b"f" + pack_double(value)
    elif kind is list:
        put_items(out, b"l", value, limit, objects, depth)
    elif kind is tuple:
        put_items(out, b"t", value, limit, objects, depth)
    elif kind is dict or kind is Counter or kind is defaultdict or kind is OrderedDict:
        pairs = [part for pair in dict.items(value) for part in pair]
        put_items(out, b"d", pairs, limit, objects, depth)
    elif kind is set or kind is frozenset:
        put_set(out, b"S" if kind is set else b"Z", value, limit, objects, depth)
    elif kind is bytes or kind is bytearray:
        out += (b"b" if kind is bytes else b"a") + pack_u32(len(value)) + value
    elif kind is complex:
        out += b"c" + pack_double(value.real) + pack_double(value.imag)
    elif kind is range:
        out += b"r"
        for bound in (value.start, value.stop, value.step):
            put(out, int(bound), limit, objects, depth)
    elif kind is deque:
        put_items(out, b"q", value, limit, objects, depth)
    elif id(kind) in ITERATOR_IDS:
        put_items(out, b"I", value, limit, objects, depth)
    elif kind is type and id(value) in NAMED_TYPE_IDS:
        name = NAMED_TYPE_IDS[id(value)].encode()
        out += b"y" + pack_u32(len(name)) + name
    elif is_named_tuple(kind):
        put_items(out, b"t", tuple.__iter__(value), limit, objects, depth)
    elif objects is not None:
        objects.put(out, value)
    else:
        raise Uncrossable(kind)
    if len(out) > limit:
        raise Uncrossable(kind, "size")


def put_items(out, tag, items, limit, objects, depth):
    # The count is filled in afterwards: only an iterator's end knows it, and even a list may grow
    # while a generator inside it runs. Every item takes a byte, so the limit ends both.
    if depth >= MAXIMUM_DEPTH:
        raise Uncrossable(list, "depth")
    out += tag
    place = len(out)
    out += b"\0\0\0\0"
    count = 0
    for item in items:
        put(out, item, limit, objects, depth + 1)
        count += 1
    out[place:place + 4] = pack_u32(count // 2 if tag == b"d" else count)


def put_set(out, tag, elements, limit, objects, depth):
    # In the order of their encodings, so that equal sets are equal bytes.
    if depth >= MAXIMUM_DEPTH:
        raise Uncrossable(set, "depth")
    items = []
    size = 0
    for element in elements:
        item = bytearray()
        put(item, element, limit, objects, depth + 1)
        items.append(item)
        size += len(item)
        if size > limit:
            raise Uncrossable(set, "size")
    out += tag + pack_u32(len(items)) + b"".join(sorted(items))


class Malformed(Exception):
    """Bytes that are no value."""


def decode(data):
    """The value that these bytes are. Strict: what `put` cannot have written is refused."""
    values = decode_all(data, None)
    if len(values) != 1:
        raise Malformed("%d values" % len(values))
    return values[0]


def decode_all(data, objects):
    """The values that these bytes are, one after the other."""
    values = []
    place = 0
    try:
        while place < len(data):
            value, place = take(data, place, objects, 0)
            values.append(value)
    except (ValueError, TypeError, struct.error) as error:  # not UTF-8, a list as a key, an end
        raise Malformed(str(error))
    return values


def take(data, place, objects, depth):
    """The value at a place, and the place behind it."""
    tag = data[place:place + 1]
    place += 1
    if tag == b"N":
        return None, place
    if tag == b"T":
        return True, place
    if tag == b"F":
        return False, place
    if tag == b"f":
        return unpack_double(data, place)[0], place + 8
    if tag == b"c":
        return complex(unpack_double(data, place)[0], unpack_double(data, place + 8)[0]), place + 16
    if tag == b"r":
        if depth > MAXIMUM_DEPTH:
            raise Malformed("depth")
        start, place = take(data, place, objects, depth + 1)
        stop, place = take(data, place, objects, depth + 1)
        step, place = take(data, place, objects, depth + 1)
        if type(start) is not int or type(stop) is not int or type(step) is not int:
            raise Malformed("range")
        return range(start, stop, step), place
    count = unpack_u32(data, place)[0]
    place += 4
    if tag == b"h" and objects is not None:
        return objects.take(count, data, place)
    if count > len(data) - place:  # every item takes a byte
        raise Malformed("length")
    if tag in (b"s", b"i", b"b", b"a", b"y"):
        end = place + count
        part = data[place:end]
        if tag == b"s":
            return part.decode("utf-8", "surrogatepass"), end
        if tag == b"i":
            value = int(part, 16)
            if b"%x" % value != part:
                raise Malformed("integer")
            return value, end
        if tag == b"y":
            if part.decode() not in NAMED_TYPES:
                raise Malformed("type")
            return NAMED_TYPES[part.decode()], end
        return (part if tag == b"b" else bytearray(part)), end
    if depth >= MAXIMUM_DEPTH:
        raise Malformed("depth")
    if tag == b"d":
        pairs = {}
        for _ in range(count):
            key, place = take(data, place, objects, depth + 1)
            pairs[key], place = take(data, place, objects, depth + 1)
        if len(pairs) != count:
            raise Malformed("keys")
        return pairs, place
    items = []
    start, previous = place, b""
    for _ in range(count):
        item, place = take(data, place, objects, depth + 1)
        items.append(item)
        if tag == b"S" or tag == b"Z":
            if data[start:place] <= previous:
                raise Malformed("order")
            start, previous = place, data[start:place]
    if tag == b"l":
        return items, place
    if tag == b"t":
        return tuple(items), place
    if tag == b"q":
        return deque(items), place
    if tag == b"I":
        return (item for item in items), place
    if tag == b"S" or tag == b"Z":
        elements = set(items) if tag == b"S" else frozenset(items)
        if len(elements) != count:
            raise Malformed("elements")
        return elements, place
    raise Malformed("tag")
