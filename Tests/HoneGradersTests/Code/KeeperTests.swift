import Foundation
import Glibc
import HoneGraders
import Testing

/// Jobs for a keeper.
enum KeeperJobs {
  static let work =
    (try? KeeperPool.keeper().run(job("print(1)")).output) == Array("1\n".utf8)

  static func job(_ source: String) -> SandboxJob {
    SandboxJob(
      program: .python(PythonJob.stdio(PythonProgram(source: source)).encoded()),
      limits: SandboxLimits(cpuSeconds: 5, memoryBytes: 256 << 20, outputBytes: 1 << 16))
  }
}

/// A keeper itself, beside what it runs.
@Suite(.enabled(if: KeeperJobs.work, "no keeper or no Python on this machine"))
struct KeeperTests {
  @Test("A keeper holds open nothing that its maker had open", .timeLimit(.minutes(1)))
  func inheritsNothing() throws {
    var ends: [Int32] = [-1, -1]
    // Passed on to every child, as those of a pipe are between its making and its marking.
    try #require(pipe(&ends) == 0)
    let keeper = try KeeperPool.keeper()
    close(ends[1])
    var end = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
    #expect(poll(&end, 1, 20_000) == 1, "somebody holds the pipe open")
    close(ends[0])
    #expect(keeper.isolation >= 0)
  }

  @Test("Keepers side by side work on processors of their own, which programs cannot leave")
  func processors() throws {
    let source = """
      import os
      print(sorted(os.sched_getaffinity(0)))
      try: os.sched_setaffinity(0, range(64))
      except OSError as error: print(error.errno)
      """
    let keepers = [try KeeperPool.keeper(), try KeeperPool.keeper()]
    let said = try keepers.map { keeper in
      String(decoding: try keeper.run(KeeperJobs.job(source)).output, as: UTF8.self)
        .split(separator: "\n").map(String.init)
    }
    #expect(said.allSatisfy { $0.count == 2 && $0[1] == "\(ENOSYS)" }, "\(said)")
    // Where other keepers have taken all processors, one may use any.
    let single = said.compactMap(\.first).filter { !$0.contains(",") }
    let isShared = GraderOptions().workers == 1
    #expect(isShared || Set(single).count == single.count, "\(said)")
  }

  @Test("A program that runs is seen by those who look for what is left")
  func leftoversAreSeen() throws {
    guard Leftovers.programUser != nil else { return }
    let keeper = try KeeperPool.keeper()
    let ended = DispatchSemaphore(value: 0)
    Thread {
      _ = try? keeper.run(KeeperJobs.job("import time; time.sleep(2)"))
      ended.signal()
    }.start()
    var isSeen = false
    for _ in 0..<40 where !isSeen {
      Thread.sleep(forTimeInterval: 0.05)
      isSeen = Leftovers.programs().contains { $0.contains(" python") }
    }
    #expect(isSeen)
    ended.wait()
  }
}
