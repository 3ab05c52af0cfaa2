import HoneNumerics
import Synchronization
import Testing

@Suite("Interruption")
struct InterruptionTests {
  @Test("A raised interruption skips the tasks that have not begun", arguments: [1, 2, 3])
  func skips(workers: Int) {
    let interruption = Interruption()
    let team = WorkerTeam(workers: workers, interruption: interruption)
    let count = Atomic<Int>(0)
    team.run(tasks: 10_000) { index in
      if index == 5 { interruption.raise() }
      count.wrappingAdd(1, ordering: .relaxed)
    }
    // Whoever had taken a task before finishes it; with one worker that is nobody.
    #expect(count.load(ordering: .relaxed) < 10_000)
    if workers == 1 { #expect(count.load(ordering: .relaxed) == 6) }
    let before = count.load(ordering: .relaxed)
    team.run(tasks: 100) { _ in count.wrappingAdd(1, ordering: .relaxed) }
    #expect(count.load(ordering: .relaxed) == before)
    #expect(throws: Interrupted.self) { try team.requireUninterrupted() }
  }

  @Test("What must be whole is whole, or is not begun", arguments: [1, 2])
  func keepsOn(workers: Int) {
    let interruption = Interruption()
    let team = WorkerTeam(workers: workers, interruption: interruption)
    let count = Atomic<Int>(0)
    let isDone = team.keepingOn {
      interruption.raise()
      team.run(tasks: 1000) { _ in count.wrappingAdd(1, ordering: .relaxed) }
      return true
    } orElse: {
      false
    }
    #expect(isDone && count.load(ordering: .relaxed) == 1000)
    #expect(!team.keepingOn({ true }, orElse: { false }))
    // What goes back to a beginning is done even then.
    team.keepingOn { team.run(tasks: 7) { _ in count.wrappingAdd(1, ordering: .relaxed) } }
    #expect(count.load(ordering: .relaxed) == 1007)
  }
}
