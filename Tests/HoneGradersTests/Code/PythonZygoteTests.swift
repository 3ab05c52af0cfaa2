import BigInt
import Foundation
import Glibc
import HoneGraders
import Testing

@Suite(.enabled(if: WarmPython.isPresent, WarmPython.absence))
struct PythonZygoteTests {
  @Test("It ends when its keeper does")
  func endsWithTheKeeper() throws {
    #expect(try WarmPython().end() == 0)
  }

  @Test(
    "Requests that make no sense end it, and no case is blamed",
    arguments: [[0x58], [0x46], [0x57, 1], [0x57, 255, 255, 255, 127]] as [[UInt8]])
  func nonsense(packet: [UInt8]) throws {
    let python = try WarmPython()
    python.send(packet, [])
    #expect(python.receive().isEmpty)
    #expect(python.end() != 0)
  }

  @Test("A child that cannot be set up is the machine's fault, and the next one is well")
  func setUpFailure() throws {
    let python = try WarmPython()
    let descriptors = (0..<5).map { _ in WarmPython.Child.temporaryFile() }
    defer { for descriptor in descriptors { close(descriptor) } }
    let failure = #expect(throws: WarmPython.Failure.self) {
      try python.fork(descriptors, folder: "/nonexistent/folder", flags: 0, cpuSeconds: 1)
    }
    #expect(
      failure?.message.hasPrefix("Ecannot set up: ") == true, "\(String(describing: failure))")
    #expect(try python.run(.stdio("print(1)")).output == "1\n")
    #expect(python.end() == 0)
  }

  @Test("The CPU limit ends a child, and CPU time is measured", .timeLimit(.minutes(1)))
  func cpuLimit() throws {
    let python = try WarmPython()
    let ending = try python.run(.stdio("while True: pass"), cpuSeconds: 1)
    #expect(ending.code == -SIGKILL)
    #expect(ending.cpuSeconds > 0.5 && ending.cpuSeconds < 3)
  }

  @Test("Limits hold, hard and soft alike, and cannot be raised")
  func limits() throws {
    let python = try WarmPython()
    let source = """
      import resource as r
      names = ['RLIMIT_AS', 'RLIMIT_CPU', 'RLIMIT_FSIZE', 'RLIMIT_NOFILE', 'RLIMIT_CORE']
      print([r.getrlimit(getattr(r, name)) for name in names])
      try: bytearray(3 << 30)
      except MemoryError: print('memory')
      """
    let ending = try python.run(.stdio(PythonProgram(source: source)))
    #expect(
      ending.output
        == "[(2147483648, 2147483648), (20, 20), (16777216, 16777216), (64, 64), (0, 0)]\nmemory\n")
  }

  @Test("Descriptors of the zygote stay the same over many cases")
  func noLeaks() throws {
    let lease = try WarmPython.Lease()
    let python = lease.python
    func open() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: "/proc/\(python.process)/fd").sorted()
    }
    let before = try open()
    for round in 0..<20 {
      let job = PythonJob.call(
        "def f(x): return x", function: "f", arguments: [.integer(BigInt(round))])
      #expect(try python.run(job).records.outcome == .value(.integer(BigInt(round))))
      #expect(try python.judge("def f(x): return x", "assert f(1) == 1").outcome == .passed)
    }
    #expect(try open() == before)
    // 60 to 62 are places for what a keeper gives, which this zygote has not got.
    #expect(Set(before).isSubset(of: ["0", "1", "2", "3", "4", "5"]))
  }

  @Test("A standing check answers for one source after the other, and runs none")
  func check() throws {
    let lease = try WarmPython.Lease()
    let python = lease.python
    let files = (0..<3).map { _ in WarmPython.Child.temporaryFile() }
    let jobs = try WarmPython.socketPair(SOCK_STREAM)
    let results = try WarmPython.socketPair(SOCK_STREAM)
    let child = try python.fork(
      files + [jobs.theirs, results.theirs], folder: "/tmp", flags: 0, cpuSeconds: 0)
    for descriptor in files + [jobs.theirs, results.theirs] { close(descriptor) }
    defer { close(results.ours) }
    func ask(_ bytes: [UInt8]) -> ResultRecord? {
      var buffer = [UInt8](repeating: 0, count: 4096)
      _ = bytes.withUnsafeBytes { send(jobs.ours, $0.baseAddress, $0.count, 0) }
      let count = recv(results.ours, &buffer, buffer.count, 0)
      return ResultRecords(Array(buffer.prefix(max(0, count)))).outcome
    }
    func compiles(_ answer: ResultRecord?) -> Bool {
      if case .compiles(let code) = answer { !code.isEmpty } else { false }
    }
    // The first source may come in one piece with the job.
    #expect(compiles(ask(PythonJob.check.encoded() + PythonJob.frame("x = 1"))))
    #expect(compiles(ask(PythonJob.frame("import os; os._exit(1)"))))
    for source in ["x =", "def f(:", "\0", String(repeating: "(", count: 100_000), "return"] {
      guard case .compileError(let text) = ask(PythonJob.frame(source)) else {
        Issue.record("no error for \(source.prefix(20))")
        return
      }
      #expect(text.contains("Error: "))
    }
    #expect(compiles(ask(PythonJob.frame(""))))
    #expect(compiles(ask(PythonJob.frame("é = 'é'"))))
    // Too large to hand over, and not too large to run.
    let large = "x = b'\(String(repeating: "1", count: 600_000))'"
    #expect(ask(PythonJob.frame(large)) == .compiles(code: []))
    // What it hands over runs as the text would, with the text's lines in what goes wrong.
    let source = "def f(x):\n    return x + 1\nprint(f(1))\nf('')\n"
    guard case .compiles(let code) = ask(PythonJob.frame(source)) else {
      Issue.record("it compiles")
      return
    }
    let text = try python.run(.stdio(PythonProgram(source: source)))
    let ready = try python.run(.stdio(PythonProgram(source: source, code: code)))
    #expect(ready.output == "2\n" && ready.errors.contains("    return x + 1"))
    #expect(ready.output == text.output && ready.errors == text.errors)
    #expect(ready.code == text.code)
    close(jobs.ours)
    #expect(try python.wait(child).status == 0)
  }
}
