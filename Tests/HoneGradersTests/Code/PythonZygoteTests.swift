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
    #expect(try python.run(.stdio(source: "print(1)")).output == "1\n")
    #expect(python.end() == 0)
  }

  @Test("The CPU limit ends a child, and CPU time is measured", .timeLimit(.minutes(1)))
  func cpuLimit() throws {
    let python = try WarmPython()
    let ending = try python.run(.stdio(source: "while True: pass"), cpuSeconds: 1)
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
    let ending = try python.run(.stdio(source: source))
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
        source: "def f(x): return x", function: "f", arguments: [.integer(BigInt(round))])
      #expect(try python.run(job).records.outcome == .value(.integer(BigInt(round))))
      #expect(try python.judge("def f(x): return x", "assert f(1) == 1").outcome == .passed)
    }
    #expect(try open() == before)
    // 60 and 61 are places for the doors to cells and rules, which this zygote has not got.
    #expect(Set(before).isSubset(of: ["0", "1", "2", "3", "4", "5", "60", "61"]))
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
    // The first source may come in one piece with the job.
    #expect(ask(PythonJob.check.encoded() + PythonJob.frame("x = 1")) == .compiles)
    #expect(ask(PythonJob.frame("import os; os._exit(1)")) == .compiles)
    for source in ["x =", "def f(:", "\0", String(repeating: "(", count: 100_000), "return"] {
      guard case .compileError(let text) = ask(PythonJob.frame(source)) else {
        Issue.record("no error for \(source.prefix(20))")
        return
      }
      #expect(text.contains("Error: "))
    }
    #expect(ask(PythonJob.frame("")) == .compiles)
    #expect(ask(PythonJob.frame("é = 'é'")) == .compiles)
    close(jobs.ours)
    #expect(try python.wait(child).status == 0)
  }
}
