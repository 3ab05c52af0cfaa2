import Foundation
import HoneJSON
import HoneNumerics
import HoneTraining
import Testing

@Suite("Interrupted runs")
struct InterruptedRunTests {
  /// Raises an interruption at the n-th event of a run.
  private final class Interrupter: ProgressSink {
    let interruption = Interruption()
    let place: Int
    private(set) var count = 0
    private(set) var notes: [String] = []

    init(at place: Int) { self.place = place }

    func handle(_ event: ProgressEvent) {
      if case .note(let text) = event { notes.append(text) }
      if count == place { interruption.raise() }
      count += 1
    }
  }

  /// Everything of a row that does not tell time.
  private static func rows(_ folder: String, _ name: String) throws -> [JSONObject] {
    try JSONLines(contentsOf: "\(folder)/\(name)").map { _, result in
      var row = try result.get().object ?? JSONObject()
      for key in row.keys
      where key.hasPrefix("time/") || key.hasSuffix("_time") || key.contains("per_second")
        || key.contains("sgemm") || key == "seconds" || key == "crc32"
      {
        row[key] = nil
      }
      return row
    }
  }

  private static func run(
    _ folder: String, interruptedAt place: Int, overrides: [String], isNew: Bool
  ) throws -> Interrupter {
    let sink = Interrupter(at: place)
    let compute = Compute(workers: 2, interruption: sink.interruption)
    let request = { sink.interruption.isRaised ? TrainingRun.StopRequest.terminated : nil }
    let recipe = try SmallRun.load(overrides)
    let run: TrainingRun =
      isNew
      ? try .start(
        recipe, recipeFile: nil, at: folder, arguments: [], compute: compute, sink: sink,
        shouldStop: request)
      : try .resume(
        recipe, recipeFile: nil, at: folder, arguments: [], compute: compute, sink: sink,
        shouldStop: request)
    _ = try run.run()
    return sink
  }

  @Test(
    "Given up at any event and resumed, a run has the bits of one that never stopped",
    arguments: [0, 1, 2])
  func anyEvent(_ phase: Int) throws {
    let overrides = [
      [], ["stages.1.mini_batches=2", "lanes=2"],
      ["stages.1.precision=bf16", "stages.1.updates_per_rollout=1"],
    ][phase]
    let whole = try TemporaryFolder()
    let events = try Self.run(
      whole.path, interruptedAt: .max, overrides: overrides, isNew: true
    ).count
    #expect(events > 60)
    for place in stride(from: phase * 3, to: events, by: 11) {
      let folder = try TemporaryFolder()
      let path = folder.file("run")
      var isNew = true
      var next = place
      // Interrupted at the same event again and again, a run still gets on, or starts with it.
      for _ in 0..<4 {
        do {
          _ = try Self.run(path, interruptedAt: next, overrides: overrides, isNew: isNew)
          isNew = false
          break
        } catch let error as TrainingError {
          #expect(error.kind == .terminated, "\(error)")
          isNew = false
          next = next * 2 + 5
        }
      }
      _ = try Self.run(path, interruptedAt: .max, overrides: overrides, isNew: isNew)
      for name in ["model", "optimizer", "reference"] {
        let file = "/latest/\(name).safetensors"
        #expect(
          try Files.checksum(path + file) == Files.checksum(whole.path + file),
          "\(name) after an end at event \(place)")
      }
      for name in ["metrics.jsonl", "evaluations.jsonl", "completions.jsonl"] {
        #expect(
          try Self.rows(path, name) == Self.rows(whole.path, name),
          "\(name) after an end at event \(place)")
      }
      #expect(
        Files.linkTarget(path + "/best") == Files.linkTarget(whole.path + "/best"),
        "best after an end at event \(place)")
    }
  }

  @Test("An evaluation that is given up is made where the run goes on, even the last")
  func lastEvaluation() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("run")
    let counter = Counter(stopsAt: { step, phase in step == 11 && phase == .evaluate })
    let compute = Compute(workers: 1, interruption: counter.interruption)
    #expect {
      _ = try TrainingRun.start(
        SmallRun.load(["stages.1.precision=bf16"]), recipeFile: nil, at: path, arguments: [],
        compute: compute, sink: counter,
        shouldStop: { counter.interruption.isRaised ? .interrupted : nil }
      ).run()
    } throws: { error in
      let error = error as? TrainingError
      return error?.kind == .interrupted
        && error?.message.contains("after step 11, whose evaluation is yet to be made") == true
    }
    #expect(try Self.rows(path, "evaluations.jsonl").count == 2)
    // Asked to end before it has begun, a run that goes on leaves everything as it is.
    let file = path + "/latest/model.safetensors"
    let checksum = try Files.checksum(file)
    let interruption = Interruption()
    interruption.raise()
    let error = #expect(throws: TrainingError.self) {
      _ = try TrainingRun.resume(
        nil, recipeFile: nil, at: path, arguments: [],
        compute: Compute(workers: 2, interruption: interruption), sink: SmallRun.Listener(),
        shouldStop: { .terminated }
      ).run()
    }
    #expect(error?.kind == .terminated && error?.message.contains("after step 11") == true)
    #expect(try Files.checksum(file) == checksum)
    let outcome = try TrainingRun.resume(
      nil, recipeFile: nil, at: path, arguments: [], compute: Compute(workers: 1),
      sink: SmallRun.Listener()
    ).run()
    #expect(!outcome.wasFinished && outcome.steps == 11)
    #expect(try Self.rows(path, "evaluations.jsonl").count == 3)
    let again = try TrainingRun.resume(
      nil, recipeFile: nil, at: path, arguments: [], compute: Compute(workers: 1),
      sink: SmallRun.Listener()
    ).run()
    #expect(again.wasFinished)
  }

  private final class Counter: ProgressSink {
    let interruption = Interruption()
    let stops: (Int, ProgressEvent.Phase) -> Bool

    init(stopsAt stops: @escaping (Int, ProgressEvent.Phase) -> Bool) { self.stops = stops }

    func handle(_ event: ProgressEvent) {
      if case .progress(let step, let phase, _, _) = event, stops(step, phase) {
        interruption.raise()
      }
    }
  }

  @Test("Steps that are computed twice give the same rows, and say so")
  func recompute() throws {
    let once = try TemporaryFolder()
    let twice = try TemporaryFolder()
    try SmallRun.run(at: once.file("run"))
    let listener = try SmallRun.run(at: twice.file("run"), overrides: ["recompute=always"])
    #expect(listener.rows.count == 11)
    #expect(listener.rows.allSatisfy { $0["recomputed"]?.bool == true })
    #expect(
      try SmallRun.checksum(once.file("run")) == SmallRun.checksum(twice.file("run")))
  }

  @Test("Checkpoints by the clock change no bit")
  func byTheClock() throws {
    let once = try TemporaryFolder()
    let often = try TemporaryFolder()
    try SmallRun.run(at: once.file("run"))
    try SmallRun.run(
      at: often.file("run"),
      overrides: ["stages.0.checkpoint_minutes=1e-9", "keep_checkpoints=20"])
    #expect(try SmallRun.checksum(once.file("run")) == SmallRun.checksum(often.file("run")))
    #expect(
      try CheckpointStore(folder: often.file("run")).all().map(\.step).prefix(5) == [1, 2, 3, 4, 5])
    #expect(
      try CheckpointStore(folder: once.file("run")).all().map(\.step).contains(1) == false)
  }
}
