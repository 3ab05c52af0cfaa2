/// A description of a program with two of its results: `f(x): times 3, then add 4. f(2)=10 f(0)=4`.
///
/// The last number may be hidden, as `k`: then the results say what it is.
package struct SynthesisQuestion: Sendable, Hashable {
  /// A call of the program and its result.
  package struct Example: Sendable, Hashable {
    package var argument: ProgramValue
    package var result: ProgramValue
  }

  /// The numbers that may be hidden.
  package static let hiddenNumbers: ClosedRange<Int> = 1...9

  /// What the description means, with the hidden number in its place.
  package let program: SmallProgram
  /// Whether the last step's number is hidden.
  package let isHidden: Bool
  /// The results that are shown.
  package let examples: [Example]

  private static let opening = "f(x): "
  private static let joint = ", then "

  /// Makes a question; nil where the program has no result for an example, or where the examples
  /// do not tell the hidden number.
  package init?(program: SmallProgram, isHidden: Bool, arguments: [ProgramValue]) {
    var examples: [Example] = []
    for argument in arguments {
      guard let result = program.run(argument) else { return nil }
      examples.append(Example(argument: argument, result: result))
    }
    self.program = program
    self.isHidden = isHidden
    self.examples = examples
    guard !isHidden || Self.meanings(program, examples).count == 1 else { return nil }
  }

  /// Reads a question, or gives nil for another text.
  package init?(_ text: String) {
    guard text.hasPrefix(Self.opening), let end = text.firstRange(of: ". ") else { return nil }
    let body = text[..<end.lowerBound].dropFirst(Self.opening.count)
    let parts = body.split(separator: Self.joint, omittingEmptySubsequences: false).map(String.init)
    var steps: [ProgramStep] = []
    var isHidden = false
    for (index, part) in parts.enumerated() {
      if let step = ProgramStep.described(part, hidden: nil) {
        steps.append(step)
      } else if index == parts.count - 1,
        let step = ProgramStep.described(part, hidden: Self.hiddenNumbers.lowerBound)
      {
        steps.append(step)
        isHidden = true
      } else {
        return nil
      }
    }
    guard let examples = Self.examples(String(text[end.upperBound...])) else { return nil }
    let meanings =
      isHidden
      ? Self.meanings(SmallProgram(steps: steps), examples) : [SmallProgram(steps: steps)]
    guard meanings.count == 1, meanings[0].isWellTyped,
      examples.allSatisfy({ meanings[0].run($0.argument) == $0.result })
    else { return nil }
    program = meanings[0]
    self.isHidden = isHidden
    self.examples = examples
  }

  /// The text, with the wording of each step at random.
  package func text(random: inout TaskRandom) -> String {
    let parts = program.steps.enumerated().map { index, step in
      random.pick(step.descriptions(hidden: isHidden && index == program.steps.count - 1))
    }
    let calls = examples.map { "f(\($0.argument.python))=\($0.result.python)" }
    return Self.opening + parts.joined(separator: Self.joint) + ". "
      + calls.joined(separator: " ")
  }

  /// The programs that a hidden number can make of this one, as far as the examples tell.
  private static func meanings(
    _ program: SmallProgram, _ examples: [Example]
  ) -> [SmallProgram] {
    hiddenNumbers.map(program.withLast(number:)).filter { candidate in
      examples.allSatisfy { candidate.run($0.argument) == $0.result }
    }
  }

  private static func examples(_ text: String) -> [Example]? {
    var reader = QuestionReader(text)
    var examples: [Example] = []
    repeat {
      guard reader.take("f("), let argument = reader.programValue(), reader.take(")="),
        let result = reader.programValue()
      else { return nil }
      examples.append(Example(argument: argument, result: result))
    } while reader.take(" ")
    return reader.isAtEnd ? examples : nil
  }
}

extension SmallProgram {
  /// The program with another number in its last step.
  package func withLast(number: Int) -> SmallProgram {
    SmallProgram(steps: steps.dropLast() + steps.suffix(1).map { $0.with(constant: number) })
  }
}
