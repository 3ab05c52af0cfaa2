import Foundation
import HoneFiles
import HoneNumerics
import HonePolicy
import HoneTraining
import Testing

/// What a run does where the system refuses it memory or disk.
///
/// Each in a process of its own: what is refused is refused to all of it.
@Suite struct RefusedMemoryTests {
  @Test("a stage that cannot fit is refused with both amounts, what bounds them and what to do")
  func hopeless() throws {
    let recipe = try SmallRun.load()
    func choice(_ bytes: Int?, limit: Int? = nil) throws -> MemoryChoice {
      try MemoryChoice(
        recipe.stages[1], configuration: Self.configuration, lanes: 1, limit: limit,
        longestPrompt: 20,
        training: .group(prompt: 20, completions: 4, completionLength: 10),
        allowance: bytes.map {
          MemoryAllowance(
            bytes: $0 - TensorBuffer.allocatedBytes, bound: .controlGroup("/sys/fs/cgroup/job"))
        })
    }
    let free = try choice(nil)
    #expect(try choice(1 << 40).plan == free.plan)
    let least = try choice(nil, limit: try Self.least(choice)).plan.tensorBytes
    // A little less than all: something is given up, nothing is refused.
    let some = try choice(free.plan.tensorBytes - 4096)
    #expect(some.plan.tensorBytes < free.plan.tensorBytes)
    #expect(some.recomputes || some.samplingRows < free.samplingRows)
    // Plans may be a tenth above what becomes resident.
    #expect(try choice(least * 95 / 100).plan.tensorBytes == least)
    let error = #expect(throws: TrainingError.self) { _ = try choice(least * 8 / 10) }
    #expect(error?.exitCode == 74)
    for text in [
      ByteCount.describe(least), ByteCount.describe(least * 8 / 10),
      "bound by the limit of the control group /sys/fs/cgroup/job", "memory_limit: ",
    ] {
      #expect(error?.message.contains(text) == true, "\(text) in \(error?.message ?? "")")
    }
    // Whoever sets a limit has decided.
    #expect(try choice(least / 2, limit: least).plan.tensorBytes == least)
  }

  private static let configuration = PolicyConfiguration(
    architecture: .qwen3, vocabularySize: 290, hiddenSize: 32, intermediateSize: 48, layers: 2,
    heads: 4, keyValueHeads: 2, headSize: 8, maximumPositions: 128, tiedHead: true)

  /// The least limit that is not refused, by halving.
  private static func least(_ choice: (Int?, Int?) throws -> MemoryChoice) throws -> Int {
    var (low, high) = (0, 1 << 30)
    while low < high {
      let middle = (low + high) / 2
      if (try? choice(nil, middle)) != nil { high = middle } else { low = middle + 1 }
    }
    return low
  }

  @Test(
    "storage refused anywhere in a run: exit code 74, and the run goes on to the same bits",
    arguments: [0, 3, 11, 23, 30, 37])
  func storage(count: Int) async throws {
    let folder = try TemporaryFolder()
    let usual = try TemporaryFolder()
    try SmallRun.run(at: usual.path + "/run")
    let path = folder.path + "/run"
    await #expect(processExitsWith: .exitCode(74)) { [count, path = path as String] in
      MemoryRefusal.setHandler { _ in exit(74) }
      Storage.refuse(after: count)
      try SmallRun.run(at: path)
      // So many pieces were never asked for: nothing was tried.
      exit(1)
    }
    if try RunFolder.holdsRun(path) {
      try SmallRun.resume(at: path)
    } else {
      try SmallRun.run(at: path)
    }
    #expect(try SmallRun.checksum(path) == SmallRun.checksum(usual.path + "/run"))
  }

  @Test(
    "a full disk: the file, the reason and how to go on, whatever was being written",
    arguments: [
      "model.safetensors", "optimizer.safetensors", "reference.safetensors", "tokenizer.json",
      "tokenizer_config.json", "config.json", "README.md", "hone.json", "trainer_state.json.tmp",
      "manifest.json.tmp", "metrics.jsonl", "completions.jsonl", "evaluations.jsonl",
    ])
  func fullDisk(name: String) async throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/run"
    await #expect(processExitsWith: .success) { [name, path = path as String] in
      SystemCalls.setFaults(FullDisk(name), below: path)
      let error = #expect(throws: TrainingError.self) { try SmallRun.run(at: path) }
      #expect(error?.kind == .inputOutput)
      let message = error?.message ?? ""
      let file = name.hasSuffix(".tmp") ? String(name.dropLast(4)) : name
      for text in [file, "No space left on device", "Free some space", "Go on with --resume"] {
        #expect(message.contains(text), "\(text) in \(message)")
      }
    }
  }
}

/// No write to files of a name succeeds.
private final class FullDisk: FileFaults {
  private let name: String
  init(_ name: String) { self.name = name }
  func fault(_ call: FileCall) -> Int32? {
    call.name == .write && call.path.hasSuffix("/" + name) ? ENOSPC : nil
  }
  func happened(_ call: FileCall, result: Int) {}
}
