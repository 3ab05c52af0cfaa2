import Foundation
import HoneGraders
import HoneJSON

/// The task that all attacks fail to solve, in the form that each wants.
struct AttackTask: Sendable {
  /// CPU seconds a case.
  static let timeLimit = 1.0
  /// The longest that a case may take by the clock: the grader's own bound, and six seconds for a machine that does much else at the time.
  static let patience = 4 * timeLimit + 2 + 6

  private var calls: [(arguments: JSON, expected: JSON)]
  private var exchanges: [(input: JSON, output: JSON)]
  private var folder: URL

  /// Reads `tasks.json` of a folder; its good programs are used as well.
  init(folder: URL) throws {
    let text = try String(
      contentsOf: folder.appendingPathComponent("tasks.json"), encoding: .utf8)
    let tasks = try JSON.parse(text)
    func pairs(_ kind: String) -> [(JSON, JSON)] {
      ["visible", "hidden"].flatMap { tasks[kind]?[$0]?.array ?? [] }.compactMap {
        guard let pair = $0.array, pair.count == 2 else { return nil }
        return (pair[0], pair[1])
      }
    }
    self.folder = folder
    calls = pairs("call")
    exchanges = pairs("stdio")
  }

  /// The number of cases of a format.
  func count(_ format: Attack.Format) -> Int {
    switch format {
    case .call, .script: calls.count
    case .stdio, .compile: exchanges.count
    case .humaneval, .mapped: 1
    }
  }

  /// A program on its way to the grader.
  func submission(_ attack: Attack) -> Submission {
    Submission(
      id: attack.name, completion: attack.completion,
      fields: [
        "tests": tests(attack.format), "language": .string(attack.language),
        "time_limit": .number(Self.timeLimit), "memory_limit_mb": 256,
      ])
  }

  /// A right program of the same form.
  ///
  /// - Parameter mark: makes its text unlike all others, so that it is run and not remembered.
  func good(like attack: Attack, mark: String) throws -> Submission {
    let names = ["c": "good.c", "cpp": "good.cpp"]
    let name =
      names[attack.language] ?? (attack.format == .stdio ? "good_stdio.py" : "good_call.py")
    var good = attack
    good.source = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    good.source += attack.language == "python" ? "# \(mark)\n" : "// \(mark)\n"
    return submission(good)
  }

  private func tests(_ format: Attack.Format) -> JSON {
    switch format {
    case .call:
      [
        "kind": "function", "name": "solve",
        "cases": .array(calls.map { ["args": [$0.arguments], "expected": $0.expected] }),
      ]
    case .stdio, .compile:
      [
        "kind": "stdio",
        "cases": .array(exchanges.map { ["input": $0.input, "output": $0.output] }),
      ]
    case .script: ["kind": "script", "asserts": .array(assertions("solve").map(JSON.string))]
    case .humaneval: humaneval(assertions("candidate").map { "    \($0)\n" }.joined())
    case .mapped:
      humaneval(
        "    for found, wanted in zip(map(candidate, \(list(calls.map { $0.arguments }))), "
          + "\(list(calls.map { $0.expected }))):\n        assert found == wanted\n")
    }
  }

  private func humaneval(_ check: String) -> JSON {
    [
      "kind": "humaneval", "entry_point": "solve",
      "prompt": "def solve(xs):\n    \"\"\"Number of pairs i < j with xs[i] > xs[j].\"\"\"\n",
      "test": .string("METADATA = {'author': 'tests'}\n\ndef check(candidate):\n" + check),
    ]
  }

  private func list(_ values: [JSON]) -> String { JSON.array(values).serialized() }

  private func assertions(_ function: String) -> [String] {
    calls.map { "assert \(function)(\($0.arguments.serialized())) == \($0.expected.serialized())" }
  }
}
