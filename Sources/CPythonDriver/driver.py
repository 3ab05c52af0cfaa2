"""The Python side of the code grader: one warm interpreter that forks a child for every case.

Three kinds of process run this program. The zygote imports what solutions commonly use, then
serves its keeper over a socket; it never runs a line of a solution. A child that runs a solution
is called X here, a child that runs the trusted text of a test is called J, for judge.

Nothing that comes out of X can be trusted. A solution shares its process with this program and
may replace, read or forge whatever it finds there. That is harmless by design: expected values
never enter X, and all that leaves it are claims about values, which are decoded as data and
compared elsewhere. Who forges a claim has to know the right answer. So what runs in X strives to
be exact and to report well; it does not try to defend itself.

The files of this folder are one program, put together in the order driver, values, attempts,
program, link, judge, zygote, and started as `python3 -S -s -B -X utf8 -W ignore -c SOURCE` by
Python 3.8 or later. A child's cost is the memory it touches, since every page that it writes to
is copied: hence few and plain functions on the way to a case, and all that can be prepared is
prepared in the zygote.
"""

import builtins

# Functions of this program see the builtins as they are now, whatever a solution does to them.
__builtins__ = dict(vars(builtins))

import _socket  # `socket` brings much that nobody needs here
import ast
import atexit
import gc
import io
import itertools
import linecache
import os
import resource
import struct
import sys
import traceback
import types
from collections import Counter, OrderedDict, defaultdict, deque
from marshal import dumps as marshal, loads as unmarshal
from os import fsdecode, read, write
from os.path import join, realpath, split

# Some modules prepare for forks (threading, random). While there is one thread there is nothing
# to prepare, and it would cost more than the fork itself; a solution that forks gets it back. So
# `random` also starts from the same state in every child, and a verdict does not depend on luck.
fork_hooks = []
register_at_fork = os.register_at_fork
os.register_at_fork = lambda **hooks: fork_hooks.append(hooks)
for module_name in (
    "abc array bisect collections copy ctypes enum functools heapq json math operator"
    " random re signal string threading time typing _sitebuiltins"
).split():
    try:
        __import__(module_name)
    except ImportError:
        pass  # a small installation; a solution that wants it will say so
os.register_at_fork = register_at_fork
if "random" in sys.modules:
    sys.modules["random"].seed(0)

CONTROL = 3  # the zygote's socket, where a child has its job instead
JOB, RESULTS, LINK = 3, 4, 5  # a child's own descriptors
FIRST_FREE = 6
FILE_NAME = "program.py"

pack_u32 = struct.Struct("<I").pack
unpack_u32 = struct.Struct("<I").unpack_from
pack_double = struct.Struct("<d").pack
unpack_double = struct.Struct("<d").unpack_from
leave = os._exit  # past every exit function and destructor


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
    written = write(descriptor, data)
    if written < len(data):
        rest = memoryview(data)[written:]
        while rest:
            rest = rest[write(descriptor, rest):]


def record(kind, payload=b""):
    """Reports to the grader: one letter, a length, a payload."""
    write_all(RESULTS, kind + pack_u32(len(payload)) + payload)
