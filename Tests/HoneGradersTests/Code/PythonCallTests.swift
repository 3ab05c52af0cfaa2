import BigInt
import HoneGraders
import Testing

@Suite(.enabled(if: WarmPython.isPresent, WarmPython.absence))
struct PythonCallTests {
  private let lease: WarmPython.Lease
  private var python: WarmPython { lease.python }
  init() throws { lease = try WarmPython.Lease() }

  private func call(
    _ source: String, _ function: String = "f", _ arguments: [TypedValue] = [],
    keywords: [(name: String, value: TypedValue)] = []
  ) throws -> WarmPython.Ending {
    try python.run(
      .call(
        PythonProgram(source: source), function: function, arguments: arguments, keywords: keywords)
    )
  }

  /// The records of a function without arguments, given its body.
  private func records(_ body: String) throws -> ResultRecords {
    let indented = body.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n")
    return try call("def f():\n" + indented).records
  }

  @Test("A call gives its result")
  func result() throws {
    let ending = try call("def add(a, b=1):\n  return a + b", "add", [1], keywords: [("b", 41)])
    #expect(ending.records.records == [.value(42)])
    #expect(ending.code == 0)
    #expect(ending.output.isEmpty && ending.errors.isEmpty)
  }

  @Test("Arguments and results of every type cross unchanged", arguments: TypedValueTests.samples)
  func everyType(value: TypedValue) throws {
    let ending = try call("def f(x):\n  return x", "f", [value])
    #expect(ending.records.records == [.value(value)], "\(ending.errors)")
  }

  @Test(
    "Results of honest solutions cross",
    arguments: [
      ("yield 1\nyield 2", .iterator([1, 2])), ("return map(abs, [-1])", .iterator([1])),
      ("return zip([1], 'a')", .iterator([.tuple([1, "a"])])),
      ("return reversed([1, 2])", .iterator([2, 1])), ("return iter({1: 2})", .iterator([1])),
      ("import itertools\nreturn itertools.islice(itertools.count(), 2)", .iterator([0, 1])),
      ("from collections import Counter\nreturn Counter('aab')", ["a": 2, "b": 1]),
      ("from collections import OrderedDict as D\nreturn D([(2, 1), (1, 2)])", [2: 1, 1: 2]),
      ("from collections import defaultdict as D\nd = D(list); d[1].append(2)\nreturn d", [1: [2]]),
      ("from collections import deque\nreturn deque([1])", .deque([1])),
      ("from collections import namedtuple\nreturn namedtuple('P', 'x y')(1, 2)", .tuple([1, 2])),
      ("return range(3)", .range(start: 0, stop: 3, step: 1)),
      ("return 2 ** 100", .integer(BigInt(1) << 100)),
      ("return '\\ud800'", .surrogateString([0xED, 0xA0, 0x80])), ("return int", .type("int")),
      ("return {3, 1, 2}", .set([1, 2, 3])),
      ("return [i for i in range(2)], None", .tuple([[0, 1], nil])),
      ("print('noise'); return 1", 1),
      ("import sys; sys.setrecursionlimit(60); return [[1]]", [[1]]),
      (
        "import threading\nt = threading.Thread(target=lambda: 1)\nt.start(); t.join()\nreturn 1", 1
      ),
      ("return __name__", "program"),
    ] as [(String, TypedValue)])
  func results(body: String, value: TypedValue) throws {
    #expect(try records(body).records == [.value(value)])
  }

  @Test(
    "What cannot cross is named, with the reason",
    arguments: [
      ("return object()", "object", false, .type), ("return f", "function", false, .type),
      ("return [1, f]", "function", false, .type),
      ("from fractions import Fraction as F\nreturn F(1, 2)", "Fraction", false, .type),
      ("from decimal import Decimal as D\nreturn D(1)", "Decimal", false, .type),
      ("import dataclasses as d\n@d.dataclass\nclass P:\n  x: int\nreturn P(1)", "P", false, .type),
      ("class L(list): pass\nreturn L()", "L", false, .type),
      ("class E:\n  def __eq__(self, o): return True\nreturn E()", "E", true, .type),
      ("class I(int):\n  def __eq__(self, o): return True\nreturn [I(1)]", "I", true, .type),
      ("class I(int):\n  def __ne__(self, o): return False\nreturn I(1)", "I", true, .type),
      ("class S(str):\n  def __repr__(self): return '1'\nreturn S()", "S", true, .type),
      ("class I(int): __eq__ = int.__le__\nreturn I()", "I", true, .type),
      ("class I(int): __class__ = int\nreturn I()", "I", false, .type),
      (
        "class M(type):\n  def __eq__(self, o): return True\n  def __hash__(self): return hash(int)\n"
          + "  def __getattribute__(self, name): return getattr(int, name)\n"
          + "class I(int, metaclass=M): pass\nreturn I(3)", "I", false, .type
      ),
      ("a = []; a.append(a)\nreturn a", "list", false, .depth),
      ("a = 1\nfor _ in range(200): a = (a,)\nreturn a", "tuple", false, .depth),
      (
        "a = frozenset()\nfor _ in range(500): a = frozenset([a])\nreturn a", "frozenset", false,
        .depth
      ),
      ("while True: yield 1", "generator", false, .size),
      ("return 'x' * (1 << 21)", "str", false, .size),
      ("return 1 << (1 << 25)", "int", false, .size),
      ("return b'x' * (1 << 21)", "bytes", false, .size),
      ("a = [0]\nfor _ in range(60): a = [a, a]\nreturn a", "list", false, .size),
      ("import itertools\nreturn itertools.count()", "count", false, .size),
      (
        "a = []\ndef g():\n  while True:\n    a.append(1)\n    yield 1\na.append(g())\nreturn a",
        "list", false, .size
      ),
    ] as [(String, String, Bool, ResultRecord.Uncrossable.Reason)])
  func uncrossable(
    body: String, type: String, isTrick: Bool, reason: ResultRecord.Uncrossable.Reason
  ) throws {
    let records = try records(body)
    #expect(
      records.outcome == .uncrossable(.init(type: type, isTrick: isTrick, reason: reason)))
    #expect(records.attempts == (isTrick ? [.equalityTrick] : []))
  }

  @Test(
    "Exceptions are described, and never taken for a result",
    arguments: [
      ("raise ValueError('no\\nsecond')", "ValueError", "no\nsecond", "ValueError: no"),
      ("raise KeyError('k')", "KeyError", "'k'", "KeyError: 'k'"),
      ("assert 0", "AssertionError", "", "AssertionError"),
      ("class Mine(Exception): pass\nraise Mine(1)", "Mine", "1", "Mine: 1"),
      ("def g(): return g()\nreturn g()", "RecursionError", nil, nil),
      (
        "class E(Exception):\n  def __str__(self): raise E\nraise E", "E",
        "(an exception that cannot be shown)", nil
      ),
      ("yield 1\nraise ValueError('late')", "ValueError", "late", "ValueError: late"),
      ("raise KeyboardInterrupt", "KeyboardInterrupt", "", "KeyboardInterrupt"),
      ("raise Exception('x' * 5000)", "Exception", String(repeating: "x", count: 1000), nil),
      ("raise Exception('\\ud800')", "Exception", "\u{FFFD}\u{FFFD}\u{FFFD}", nil),
    ] as [(String, String, String?, String?)])
  func exceptions(body: String, type: String, message: String?, lastLine: String?) throws {
    guard case .raised(.call, let failure) = try records(body).outcome else {
      Issue.record("\(try records(body))")
      return
    }
    #expect(failure.type == type)
    if let message { #expect(failure.message == message) }
    if let lastLine { #expect(failure.lastLine == lastLine) }
  }

  @Test("A solution that fails to load says so")
  func loading() throws {
    guard case .raised(.load, let failure) = try call("1 / 0").records.outcome else {
      Issue.record("no record")
      return
    }
    #expect(failure.lastLine == "ZeroDivisionError: division by zero")
    guard case .compileError = try call("def f(:").records.outcome else {
      Issue.record("no record")
      return
    }
    #expect(try call("def f(): return 1", "g").records.outcome == .missing("g"))
    #expect(
      try call("if __name__ == '__main__': 1 / 0\ndef f(): return 1").records.outcome == .value(1))
  }

  @Test("A method of Solution answers for a function, and is called on a fresh instance")
  func methods() throws {
    let solution =
      "class Solution:\n  def f(self, x): return x * 2\n  @staticmethod\n  def g(x): return x"
    #expect(try call(solution, "f", [4]).records.outcome == .value(8))
    #expect(try call(solution, "Solution.f", [4]).records.outcome == .value(8))
    #expect(try call(solution, "g", [4]).records.outcome == .value(4))
    #expect(try call(solution, "h", [4]).records.outcome == .missing("h"))
    #expect(try call("def f(x): return 1\n" + solution, "f", [4]).records.outcome == .value(1))
  }

  @Test(
    "Leaving early is an attempt, and no result",
    arguments: ["import sys; sys.exit(0)", "exit()", "raise SystemExit(0)"])
  func earlyExit(body: String) throws {
    let inCall = try records(body)
    #expect(inCall.attempts == [.earlyExit])
    guard case .raised(.call, _) = inCall.outcome else {
      Issue.record("\(inCall)")
      return
    }
    let atLoad = try call(body + "\ndef f(): return 1").records
    #expect(atLoad.attempts == [.earlyExit])
    guard case .raised(.load, _) = atLoad.outcome else {
      Issue.record("\(atLoad)")
      return
    }
    #expect(try records("import os; os._exit(0)").records.isEmpty)
  }

  @Test("Nothing of the solution runs after the result")
  func afterTheResult() throws {
    let source = """
      import atexit, sys, threading, time, weakref
      class Late:
          def __del__(self): sys.stderr.write('late\\n')
      late = Late()
      atexit.register(lambda: sys.stderr.write('late\\n'))
      threading.Thread(target=lambda: (time.sleep(0.3), sys.stderr.write('late\\n'))).start()
      def f():
          return 1
      """
    let ending = try call(source)
    #expect(ending.records.records == [.value(1)])
    #expect(ending.errors.isEmpty)
  }

  @Test(
    "Attempts are reported, once each, and the call goes on",
    arguments: [
      ("open('/var/tmp/hone-never/x', 'w')", [.writeOutside]),
      ("open('../x/y', 'a')", [.writeOutside]),
      ("os.remove('/var/tmp/hone-never')", [.writeOutside]),
      ("os.mkdir('/proc/x')", [.writeOutside]),
      ("os.rename('a', '/var/tmp/hone-never/x')", [.writeOutside]),
      ("os.symlink('/etc/passwd', '/proc/x')", [.writeOutside]),
      ("os.chmod('/var/tmp/hone-never', 0)", [.writeOutside]),
      ("os.open(b'/var/tmp/hone-never/x', os.O_WRONLY)", [.writeOutside]),
      ("os.symlink('/var/tmp/hone-never', 'l'); open('l', 'w')", [.writeOutside]),
      ("os.kill(1, 0)", [.forbiddenCall]),
      ("os.kill(-1, 0) if 0 else os.killpg(1, 0)", [.forbiddenCall]),
      ("socket.socket()", [.forbiddenCall]), ("os.system('')", [.forbiddenCall]),
      ("subprocess.run(['/bin/true'])", [.forbiddenCall]),
      ("os.execv('/var/tmp/hone-never', ['x'])", [.forbiddenCall]),
      (
        "open('/proc/x', 'w')\n  except OSError: pass\n  try: os.system('')",
        [.writeOutside, .forbiddenCall]
      ),
      ("open('x', 'w').write('1'); os.remove('x')", []), ("open('/dev/null', 'w')", []),
      ("open('/etc/passwd').read()", []),
      ("os.mkdir('a'); open('a/b', 'w'); os.chdir('a'); open('c', 'w')", []),
      ("os.symlink('/etc/passwd', 'l'); os.remove('l')", []), ("os.kill(os.getpid(), 0)", []),
      ("socket.socketpair()", []), ("pathlib.Path('p').write_text('x')", []),
      ("print('x', flush=True)", []),
      ("tempfile.TemporaryFile(dir='.')", []), ("os.fork() or os._exit(0)", []),
    ] as [(String, Set<CodeAttempt>)])
  func attempts(statement: String, kinds: Set<CodeAttempt>) throws {
    let source = """
      import os, pathlib, socket, subprocess, tempfile
      def f():
        for _ in range(2):
          try: \(statement.replacing("\n", with: "\n  "))
          except OSError: pass
        return 1
      """
    let records = try call(source).records
    #expect(records.outcome == .value(1))
    #expect(records.attempts == kinds)
    #expect(records.records.count == 1 + kinds.count)
  }

  @Test("Replaced builtins and modules change nothing in the report")
  func monkeyPatches() throws {
    let source = """
      import builtins, os, struct, sys
      def f():
          for name in ('len', 'type', 'isinstance', 'sorted', 'print', 'min', 'id', 'bytes', 'int',
                       'str', 'list', 'tuple', 'dict', 'bytearray', 'memoryview', 'Exception'):
              setattr(builtins, name, None)
          os.write = os._exit = os.read = struct.pack = sys.exit = None
          return [1, 'a', {'b': (2.5, None)}]
      """
    #expect(try call(source).records.records == [.value([1, "a", ["b": .tuple([2.5, nil])]])])
  }
}
