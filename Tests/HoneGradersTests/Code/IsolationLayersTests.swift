import HoneGraders
import HoneJSON
import Synchronization
import Testing

/// Attacks where layers are missing: each layer that an attack names stops it without the others.
@Suite(.serialized) struct IsolationLayersTests {
  /// Whether this machine has every layer, so that it can do without each in turn.
  static let hasAll = (try? KeeperPool.keeper().layers) == .all

  /// The layers by the names that attacks give them.
  static let named: [String: IsolationLayers] = [
    "user": .user, "mount": .mount, "pid": .pid, "net": .net, "ipc": .ipc, "landlock": .landlock,
    "seccomp": .seccomp, "uid": .uid, "limits": .limits, "cgroup": .cgroup,
    "namespaces": .namespaces,
  ]

  private static func layers(_ names: [String]) throws -> IsolationLayers {
    try names.reduce(into: IsolationLayers()) { layers, name in
      layers.insert(try #require(named[name], "no layer \(name)"))
    }
  }

  /// Attacks that say which layers stop them.
  private static func attacks() throws -> [Attack] {
    try Attack.own().filter { !$0.layers.isEmpty }
  }

  @Test("The outer layers are each the wall of some attack")
  func covered() throws {
    let named = Set(try Self.attacks().flatMap(\.layers))
    #expect(named.isSubset(of: Self.named.keys))
    #expect(named.isSuperset(of: ["namespaces", "landlock", "seccomp", "uid"]))
  }

  @Test(
    "Each layer that stops an attack does so alone",
    .enabled(if: hasAll, "this machine lacks a layer"))
  func alone() throws {
    var runs: [(attack: Attack, layers: IsolationLayers)] = []
    for attack in try Self.attacks() {
      for name in attack.layers {
        let others = try Self.layers(attack.layers.filter { $0 != name })
        runs.append((attack, IsolationLayers.all.subtracting(others)))
      }
    }
    for (run, score) in zip(runs, try Self.scores(runs)) {
      #expect(
        score.verdict == .incorrect, "\(run.attack.name) with \(run.layers.names): \(score.reason)")
    }
  }

  /// Grades each attack behind its layers; graders with the same layers share a sandbox.
  private static func scores(
    _ runs: [(attack: Attack, layers: IsolationLayers)]
  ) throws -> [Score] {
    let task = try AttackTask(folder: Attack.folder)
    var graders: [IsolationLayers: CodeGrader] = [:]
    for run in runs where graders[run.layers] == nil {
      let options = GraderOptions(allowsWeakIsolation: true) {
        KeeperPool.make(capacity: $0, layers: run.layers)
      }
      graders[run.layers] = CodeGrader(options: options)
    }
    let jobs = runs.compactMap { run in
      graders[run.layers].map { (grader: $0, submission: task.submission(run.attack)) }
    }
    return GradingPool(workers: 2).map(jobs) { $0.grader.timedGrade($0.submission) }
  }
}
