import Glibc
import HoneGraders
import HoneJSON

/// The speed of the code grader: short Python programs with five cases each.
///
/// No two programs are alike, so no verdict is remembered. Beside it, in turns on the same machine, a
/// fresh `python3 -c` for every case without any isolation; and, one program at a time, the grader with
/// each layer of its isolation left out.
struct CodeBench {
  /// What was measured.
  struct Result {
    /// The number of programs graded at a time.
    var workers: Int
    /// The level of isolation.
    var isolation: Int
    /// Verdicts a second, the median of the rounds.
    var verdictsPerSecond: Double
    /// The same work with a fresh interpreter a case, the median of the rounds.
    var plainPerSecond: Double
    /// The median ratio of a round.
    var ratio: Double
    /// Milliseconds a verdict, one at a time, with all layers.
    var milliseconds: Double
    /// Milliseconds a verdict without a layer, by its name.
    var without: [(layer: String, milliseconds: Double)]
  }

  /// Programs of a round.
  static let programs = 100
  private static let rounds = 5
  private let workers: Int
  private let python: String

  init(workers: Int) throws(SandboxFailure) {
    self.workers = workers
    python = try PythonInterpreter.find().path
  }

  /// Measures; about half a minute.
  func run(progress: (String) -> Void) throws -> Result {
    let grader = CodeGrader(options: GraderOptions(workers: workers))
    try grader.prepare()
    _ = try seconds(grader, workers, round: -1)
    var graded: [Double] = []
    var plain: [Double] = []
    for round in 0..<Self.rounds {
      progress("round \(round + 1) of \(Self.rounds)")
      graded.append(try seconds(grader, workers, round: round))
      plain.append(plainSeconds(round))
    }
    // Each layer's turn comes several times, so that a slow moment of the machine hits all alike.
    let variants =
      [("", IsolationLayers.all)]
      + IsolationLayers.described.map { ($0.name, IsolationLayers.all.subtracting($0.layer)) }
    let graders = variants.map { _, layers in
      CodeGrader(
        options: GraderOptions(allowsWeakIsolation: true, workers: 1) {
          KeeperPool.make(capacity: $0, layers: layers)
        })
    }
    var times = variants.map { _ in [Double]() }
    for round in 0..<Self.rounds {
      for index in variants.indices {
        progress("layers, round \(round + 1) of \(Self.rounds): \(variants[index].0)")
        if round == 0 { _ = try seconds(graders[index], 1, round: -1, programs: 4) }
        times[index].append(
          try seconds(graders[index], 1, round: round, programs: Self.programs / 4))
      }
    }
    let perVerdict = times.map { Self.median($0) / Double(Self.programs / 4) * 1e3 }
    return Result(
      workers: workers, isolation: grader.isolation ?? 0,
      verdictsPerSecond: Double(Self.programs) / Self.median(graded),
      plainPerSecond: Double(Self.programs) / Self.median(plain),
      ratio: Self.median(zip(graded, plain).map { $1 / $0 }), milliseconds: perVerdict[0],
      without: zip(variants, perVerdict).dropFirst().map { ($0.0, $1) })
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

  // MARK: - The work

  private struct Program {
    var source: String
    var cases: [(argument: [Int], expected: Int)]
  }

  /// A program that nobody has seen before, with a loop and a condition.
  private static func program(_ index: Int) -> Program {
    let (factor, offset) = (index % 97 + 2, index)
    let source = """
      def solve(xs):
          total = \(offset)
          for x in xs:
              if x % 2 == 0:
                  total += x * \(factor)
              else:
                  total -= x
          return total

      """
    let cases = (0..<5).map { number in
      let argument = (0...number + 2).map { ($0 * 7 + index) % 50 }
      let expected = argument.reduce(offset) { $0 + ($1 % 2 == 0 ? $1 * factor : -$1) }
      return (argument, expected)
    }
    return Program(source: source, cases: cases)
  }

  private func seconds(
    _ grader: CodeGrader, _ workers: Int, round: Int, programs: Int = programs
  ) throws -> Double {
    let submissions = (0..<programs).map { number in
      let program = Self.program((round + 2) * 10_000 + number)
      let cases = program.cases.map { argument, expected -> JSON in
        [
          "args": .array([.array(argument.map { .integer($0) })]), "expected": .integer(expected),
        ]
      }
      return Submission(
        completion: "```python\n\(program.source)```",
        fields: ["tests": ["kind": "function", "name": "solve", "cases": .array(cases)]])
    }
    let clock = ContinuousClock()
    let start = clock.now
    let scores = GradingPool(workers: workers).grade(submissions, with: grader)
    let seconds = (clock.now - start) / .seconds(1)
    if let wrong = scores.first(where: { $0.verdict != .correct }) {
      throw CommandError(.internalFault, "a right program was judged otherwise: \(wrong.reason)")
    }
    return seconds
  }

  /// The same programs and cases, each in an interpreter of its own, as many at a time.
  private func plainSeconds(_ round: Int) -> Double {
    let runs = (0..<Self.programs).flatMap { number in
      let program = Self.program((round + 2) * 10_000 + number)
      return program.cases.map { argument, expected in
        "\(program.source)\nassert solve(\(argument)) == \(expected)\n"
      }
    }
    let python = python
    let clock = ContinuousClock()
    let start = clock.now
    _ = GradingPool(workers: workers).map(runs) { Self.spawn([python, "-c", $0]) }
    return (clock.now - start) / .seconds(1)
  }

  private static func spawn(_ words: [String]) -> Int32 {
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    defer { for argument in arguments { free(argument) } }
    arguments.append(nil)
    var process: pid_t = 0
    guard posix_spawn(&process, words[0], nil, nil, arguments, environ) == 0 else { return -1 }
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return status
  }
}

extension CodeBench.Result {
  /// For people.
  var lines: [String] {
    var lines = [
      "code: \(Self.text(verdictsPerSecond, 0)) verdicts a second, five cases each, "
        + "\(workers) at a time, isolation level \(isolation)",
      "a fresh python3 -c a case, no isolation: \(Self.text(plainPerSecond, 0)) a second; "
        + "the grader is \(Self.text(ratio, 1)) times as fast",
      "one at a time \(Self.text(milliseconds, 1)) ms a verdict; without",
    ]
    for (layer, time) in without {
      let cost = milliseconds - time
      lines.append(
        "  \(layer): \(Self.text(time, 1)) ms (\(cost < 0 ? "" : "-")\(Self.text(abs(cost), 1)))")
    }
    return lines
  }

  /// For machines.
  var json: JSON {
    [
      "scenario": "code", "workers": .integer(workers), "isolation": .integer(isolation),
      "verdicts_per_second": .number(verdictsPerSecond),
      "plain_per_second": .number(plainPerSecond), "ratio": .number(ratio),
      "milliseconds": .number(milliseconds),
      "milliseconds_without": .object(
        JSONObject(without.map { ($0.layer, .number($0.milliseconds)) })),
    ]
  }

  private static func text(_ value: Double, _ digits: Int) -> String {
    value.shown(digits: digits)
  }
}
