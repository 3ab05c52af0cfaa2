import HoneJSON

/// The tests of a code problem.
package struct CodeTests: Sendable, Hashable {
  /// How tests put a program to work.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Standard input and standard output.
    case stdio
    /// Calls of a function with JSON arguments.
    case function
    /// Assertions in Python.
    case script
    /// A prompt to be continued, and a function `check(candidate)`.
    case humaneval
  }

  /// A run of the whole program.
  package struct Exchange: Sendable, Hashable {
    /// Standard input.
    package var input: [UInt8]
    /// The right output, or the jury's answer where a checker decides.
    package var output: [UInt8]

    /// Makes an exchange.
    package init(input: [UInt8], output: [UInt8]) {
      self.input = input
      self.output = output
    }
  }

  /// A call of a function.
  package struct Call: Sendable, Hashable {
    /// The arguments by position.
    package var arguments: [JSON]
    /// The arguments by name.
    package var named: JSONObject
    /// The right result.
    package var expected: JSON
  }

  /// What is tested.
  package enum Content: Sendable, Hashable {
    /// Runs of the whole program.
    case stdio([Exchange])
    /// Calls of the function `name`, or of a method `Class.name`.
    case function(name: String, calls: [Call])
    /// Assertions, each on its own after the same set-up.
    case script(setup: String, assertions: [String])
    /// HumanEval: the prompt, the name of the function that it begins, the text that defines
    /// `check`.
    case humaneval(prompt: String, entryPoint: String, test: String)
  }

  /// What is tested; at least one case.
  package var content: Content

  /// The kind.
  package var kind: Kind {
    switch content {
    case .stdio: .stdio
    case .function: .function
    case .script: .script
    case .humaneval: .humaneval
    }
  }

  /// The number of cases, at least 1.
  package var count: Int {
    switch content {
    case .stdio(let exchanges): exchanges.count
    case .function(_, let calls): calls.count
    case .script(_, let assertions): assertions.count
    case .humaneval: 1
    }
  }
}

/// A code problem's tests with everything that a row says about how to judge them.
package struct CodeTask: Sendable, Hashable {
  /// The tests.
  package var tests: CodeTests
  /// The language of the program.
  package var language: ProgramLanguage
  /// What the program may use for each case.
  package var limits: SandboxLimits
  /// The largest difference of numbers, or nil for exact comparison.
  package var tolerance: Double?
  /// The program that decides instead of a comparison, or nil.
  package var checker: CheckerSource?
  /// What cases are worth.
  package var credit: Credit
  /// Whether the completion is the program itself.
  package var mode: AnswerMode
}

/// What the cases of a problem are worth.
package enum Credit: Sendable, Hashable {
  /// 1 for all cases, 0 otherwise; judging stops at the first failure.
  case all
  /// The share of cases passed.
  case fraction
  /// The share of weight passed; one weight a case, above 0.
  case weighted([Double])

  /// The value of the cases passed, 0...1; exactly 1 for all of them.
  package func value(passed: [Bool]) -> Double {
    if passed.allSatisfy({ $0 }) { return 1 }
    switch self {
    case .all: return 0
    case .fraction: return Double(passed.count { $0 }) / Double(passed.count)
    case .weighted(let weights):
      let earned = zip(weights, passed).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
      return earned / weights.reduce(0, +)
    }
  }
}

/// A checker: a program that decides whether an output is right.
package struct CheckerSource: Sendable, Hashable {
  /// The language that it is written in.
  package var language: ProgramLanguage
  /// The program.
  package var source: String

  /// Makes a checker.
  package init(language: ProgramLanguage, source: String) {
    self.language = language
    self.source = source
  }
}
