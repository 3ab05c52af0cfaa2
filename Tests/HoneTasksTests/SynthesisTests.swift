import HoneJSON
import HoneTasks
import Testing

@Suite struct SynthesisTests {
  /// Questions of every difficulty.
  private static func questions(_ count: Int, seed: UInt64) throws -> [SynthesisQuestion] {
    try instances(count, seed: seed).map { try #require(SynthesisQuestion($0.question)) }
  }

  private static func instances(_ count: Int, seed: UInt64) -> [ProblemInstance] {
    (0..<count).map { index in
      var random = TaskRandom(seed: seed, labels: ["synthesis-tests"], index: index)
      return Synthesis().instance(difficulty: 1 + index % 6, random: &random)
    }
  }

  /// Whether a program gives the hidden results.
  private static func passes(_ program: SmallProgram, _ cases: HiddenCases) -> Bool {
    zip(cases.arguments, cases.results).allSatisfy { program.run($0) == $1 }
  }

  // MARK: - Questions

  @Test("A question is read back: its program, its examples, and the hidden number")
  func reading() throws {
    let text = "f(x): keep those over 5, then add all up, then plus k. f([6,1])=10 f([9])=13"
    let question = try #require(SynthesisQuestion(text))
    #expect(question.isHidden)
    #expect(
      question.program == SmallProgram(steps: [.keep(.above(5)), .sum, .number(.add(4))]))
    #expect(question.examples.map(\.argument) == [.list([6, 1]), .list([9])])
    #expect(question.trace(of: question.program) == "6 6 10-6=4")
    for instance in Self.instances(120, seed: 1) {
      let question = try #require(SynthesisQuestion(instance.question))
      #expect(question.program.python == instance.answer)
    }
  }

  @Test(
    "Texts that are no questions of the family are refused",
    arguments: [
      "f(x): plus 4. f(1)=6 f(2)=6",  // The results are others.
      "f(x): times k. f(0)=0 f(0)=0",  // Every number would do.
      "f(x): plus k. f(1)=3 f(2)=5",  // No number does.
      "f(x): plus k. f(1)=21 f(2)=22",  // The number is none of those that are hidden.
      "f(x): plus k, then times 2. f(1)=6 f(2)=8",  // Only the last number may be hidden.
      "f(x): sum, then sort. f([1])=1 f([2])=2", "f(x): plus. f(1)=5 f(2)=6",
      "f(x): plus 4 . f(1)=5 f(2)=6", "f(x): plus 4. f(1)=5, f(2)=6", "f(x): plus 4. f(1)=5 ",
      "f(x): . f(1)=1 f(2)=2", "f(x): plus 4", "g(x): plus 4. f(1)=5 f(2)=6",
      "f(x): plus 4. f([1)=5 f(2)=6", "f(x): if plus 4. f(1)=5 f(2)=6",
    ])
  func refusals(text: String) {
    #expect(SynthesisQuestion(text) == nil)
    #expect(Synthesis().canonicalKey(question: text) == nil)
    #expect(Synthesis().tests(question: text) == nil)
  }

  @Test("Programs that behave alike are one problem, others are not")
  func keys() throws {
    func key(_ text: String) throws -> String {
      try #require(Synthesis().canonicalKey(question: text), "\(text)")
    }
    let seven = try key("f(x): plus 7. f(1)=8 f(2)=9")
    #expect(try key("f(x): add 3, then add 4. f(5)=12 f(0)=7") == seven)
    #expect(try key("f(x): add 3, then plus k. f(5)=12 f(0)=7") == seven)
    #expect(try key("f(x): plus 6. f(1)=7 f(2)=8") != seven)
    let sum = try key("f(x): sum. f([1,2])=3 f([])=0")
    #expect(try key("f(x): sort, then add all up. f([3,1])=4 f([1])=1") == sum)
    #expect(try key("f(x): drop the first 1, then sum. f([3,1])=1 f([1])=0") != sum)
    #expect(
      try key("f(x): keep odd ones, then keep those above 3. f([3,5])=[5] f([1])=[]")
        == key("f(x): keep those over 3, then keep the odd. f([7])=[7] f([2])=[]"))
    #expect(
      try key("f(x): times 2, then plus 3. f(1)=5 f(2)=7")
        != key("f(x): plus 3, then times 2. f(1)=8 f(2)=10"))
    #expect(seven.hasPrefix("synthesis number ") && sum.hasPrefix("synthesis list "))
  }

  @Test("No step can be left out, and small numbers are shown")
  func draws() throws {
    for question in try Self.questions(120, seed: 2) {
      for index in question.program.steps.indices {
        var without = question.program
        without.steps.remove(at: index)
        guard without.isWellTyped, without.takesList == question.program.takesList else { continue }
        #expect(without.behaviour != question.program.behaviour, "\(question.program.python)")
      }
      for example in question.examples {
        let values = try #require(question.program.values(from: example.argument))
        for case .number(let number) in values { #expect(abs(number) < 100) }
      }
    }
  }

  // MARK: - Hidden cases

  @Test("At least eight cases, none of them shown, with the edges and the right results")
  func cases() throws {
    for question in try Self.questions(120, seed: 3) {
      let cases = HiddenCases(question)
      #expect(cases.arguments.count >= HiddenCases.minimum && cases.arguments.count <= 16)
      #expect(Set(cases.arguments).count == cases.arguments.count)
      #expect(Set(cases.arguments).isDisjoint(with: question.examples.map(\.argument)))
      #expect(Self.passes(question.program, cases))
      let edges: [ProgramValue] = question.program.takesList ? [.list([])] : [.number(60)]
      #expect(edges.allSatisfy(cases.arguments.contains))
      #expect(HiddenCases(question) == cases)
    }
  }

  @Test(
    "Every mutant that behaves differently fails a case; of those with two mistakes, nearly all")
  func mutants() throws {
    var double = (all: 0, passed: 0)
    for question in try Self.questions(120, seed: 4) {
      let cases = HiddenCases(question)
      let shown = question.examples.map(\.argument)
      let others = ProgramBattery.arguments(lists: question.program.takesList)
        .filter { !shown.contains($0) }
      let truth = question.program.results(on: others)
      for mutant in question.program.mutants where mutant.results(on: others) != truth {
        #expect(!Self.passes(mutant, cases), "\(question.program.python)\n\(mutant.python)")
        for second in mutant.mutants.prefix(40) where second.results(on: others) != truth {
          double.all += 1
          if Self.passes(second, cases) { double.passed += 1 }
        }
      }
    }
    #expect(double.all > 50_000)
    #expect(double.passed * 500 < double.all, "\(double)")
  }

  @Test("Looking the shown results up, with anything for the rest, fails")
  func lookups() throws {
    for question in try Self.questions(120, seed: 5) {
      let cases = HiddenCases(question)
      let table = Dictionary(
        question.examples.map { ($0.argument, $0.result) }, uniquingKeysWith: { $1 })
      let rest: [ProgramValue] = [.number(0), .list([])] + question.examples.map(\.result)
      for constant in rest {
        #expect(
          zip(cases.arguments, cases.results).contains { (table[$0] ?? constant) != $1 },
          "\(question.program.python)")
      }
      #expect(zip(cases.arguments, cases.results).contains { (table[$0] ?? $0) != $1 })
    }
  }

  @Test("Flawed demonstrations are the right program with one mistake, which the cases find")
  func flawed() throws {
    for instance in Self.instances(240, seed: 6) {
      let question = try #require(SynthesisQuestion(instance.question))
      let known = question.program.mutants + (1...9).map(question.program.withLast(number:))
      let wrong = try #require(known.first { $0.python == instance.flawedAnswer })
      #expect(!Self.passes(wrong, HiddenCases(question)), "\(instance)")
      #expect(instance.flawedSteps == question.trace(of: wrong))
    }
  }

  // MARK: - Rows

  @Test("Rows carry tests instead of an answer, and completions as the grader reads them")
  func rows() throws {
    let mixture = try DemonstrationMixture(terse: 0.3, steps: 0.3, flawed: 0.4)
    let problems = try Families.named("synthesis").make(
      count: 60, seed: 1, difficulty: 1...4, demonstrations: mixture)
    var styles: Set<DemonstrationStyle> = []
    for problem in problems {
      #expect(problem.answer == nil && problem.grader == "code")
      let cases = try #require(problem.tests?["cases"]?.array)
      #expect(cases.count >= 8 && problem.tests?["name"] == "f")
      #expect(problem.tests?["kind"] == "function")
      #expect(cases.allSatisfy { $0["args"]?.array?.count == 1 && $0["expected"] != nil })
      let completion = try #require(problem.completion)
      let style = try #require(problem.style)
      styles.insert(style)
      let block = completion.hasPrefix("```python\ndef f(x):\n")
      #expect(block == (style == .terse))
      #expect(completion.hasPrefix("<think>") == (style != .terse))
      #expect(completion.contains("</think>\n```python\ndef f(x):\n") == (style != .terse))
      #expect(completion.hasSuffix("\n return x\n```"))
    }
    #expect(styles.count == 3)
  }
}
