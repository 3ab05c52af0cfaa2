import Foundation
import HoneNumerics
import Synchronization
import Testing

@Suite(.serialized) struct WorkerTeamTests {
  /// Many short runs: each index once, and everything that a task wrote is seen after the run.
  @Test(arguments: [(1, 10_000), (2, 45_000), (3, 25_000), (4, 10_000), (5, 10_000)])
  func everyIndexOnce(workers: Int, runs: Int) {
    let team = WorkerTeam(workers: workers)
    #expect(team.workers == workers)
    let counts = UnsafeMutablePointer<Int>.allocate(capacity: 51)
    defer { counts.deallocate() }
    counts.initialize(repeating: 0, count: 51)
    var wrong = 0
    for run in 0..<runs {
      let tasks = (run &* 2_654_435_761) >> 7 % 51
      // Written without atomics: only the team's own ordering makes it visible here.
      team.run(tasks: tasks) { counts[$0] += run + 1 }
      for index in 0..<51 {
        if counts[index] != (index < tasks ? run + 1 : 0) { wrong += 1 }
        counts[index] = 0
      }
    }
    #expect(wrong == 0, "\(wrong) indices were run not once")
  }

  /// Pauses in between, so that workers fall asleep and are woken.
  @Test func sleepersWake() {
    let team = WorkerTeam(workers: 3)
    for run in 0..<60 {
      if run % 2 == 0 { usleep(3000) }
      let total = Atomic<Int>(0)
      team.run(tasks: 40) { total.wrappingAdd($0, ordering: .relaxed) }
      #expect(total.load(ordering: .relaxed) == 780)
    }
  }

  /// Tasks of very different lengths are shared: two workers meet, which one alone never could.
  @Test func tasksRunTogether() {
    let team = WorkerTeam(workers: 2)
    let arrived = Atomic<Int>(0)
    let met = Atomic<Int>(0)
    team.run(tasks: 2) { _ in
      arrived.wrappingAdd(1, ordering: .sequentiallyConsistent)
      let deadline = ContinuousClock.now + .seconds(30)
      while arrived.load(ordering: .sequentiallyConsistent) < 2, ContinuousClock.now < deadline {
        usleep(50)
      }
      if arrived.load(ordering: .sequentiallyConsistent) == 2 {
        met.wrappingAdd(1, ordering: .sequentiallyConsistent)
      }
    }
    #expect(met.load(ordering: .sequentiallyConsistent) == 2)
  }

  @Test func teamsWithinTeams() {
    let outer = WorkerTeam(workers: 3)
    let totals = UnsafeMutablePointer<Int>.allocate(capacity: 12)
    defer { totals.deallocate() }
    for _ in 0..<50 {
      totals.initialize(repeating: 0, count: 12)
      outer.run(tasks: 12) { index in
        let inner = WorkerTeam(workers: 2)
        let total = Atomic<Int>(0)
        for _ in 0..<5 {
          inner.run(tasks: index + 1) { total.wrappingAdd($0 + 1, ordering: .relaxed) }
        }
        totals[index] = total.load(ordering: .relaxed)
      }
      #expect((0..<12).allSatisfy { totals[$0] == 5 * ($0 + 1) * ($0 + 2) / 2 })
    }
  }

  #if os(Linux)
    /// In a process of its own, where no other test starts threads.
    @Test func threadsEndWithTheirTeam() async {
      await #expect(processExitsWith: .success) {
        func threads() throws -> Int {
          try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
        }
        let before = try threads()
        for run in 0..<100 {
          let team = WorkerTeam(workers: 3)
          // Some teams end while their workers still spin, some when they sleep, some unused.
          if run % 3 > 0 { team.run(tasks: 8) { _ in } }
          if run % 10 == 0 { usleep(3000) }
        }
        // 200 threads were started; a few of the runtime's own may have been too.
        let deadline = ContinuousClock.now + .seconds(30)
        while try threads() > before + 20, ContinuousClock.now < deadline { usleep(2000) }
        if try threads() > before + 20 { exit(EXIT_FAILURE) }
      }
    }
  #endif
}
