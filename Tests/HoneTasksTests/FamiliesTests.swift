import Foundation
import HoneGraders
import HoneJSON
import HoneTasks
import Testing

@Suite struct FamiliesTests {
  static let names: [String] = Families.all.map(\.name)
  /// The families whose answers are compared; where tests decide, see `SynthesisTests`.
  static let answered: [String] = names.filter { $0 != "synthesis" }

  @Test("A family's own answers are correct under its grader", arguments: answered)
  func answers(name: String) throws {
    let family = try Families.named(name)
    for difficulty in family.difficulties {
      for problem in try family.make(count: 40, seed: 3, difficulty: difficulty...difficulty) {
        let answer = try #require(problem.answer)
        let score = try Graders.named(problem.grader).grade(
          problem.submission(completion: Demonstration.terse(answer: answer)))
        #expect(score.verdict == .correct, "\(problem.question): \(answer), \(score.reason)")
        #expect(problem.difficulty == difficulty)
      }
    }
  }

  @Test("Terse and step-by-step demonstrations are right, flawed ones wrong", arguments: answered)
  func demonstrations(name: String) throws {
    let family = try Families.named(name)
    let mixture = try DemonstrationMixture(terse: 0.3, steps: 0.3, flawed: 0.4)
    let upper = min(family.difficulties.upperBound, 6)
    let problems = try family.make(
      count: 400, seed: 5, difficulty: 1...upper, demonstrations: mixture, distinct: .question)
    var counts: [DemonstrationStyle: Int] = [:]
    for problem in problems {
      let style = try #require(problem.style)
      let completion = try #require(problem.completion)
      counts[style, default: 0] += 1
      let score = try Graders.named(problem.grader).grade(
        problem.submission(completion: completion))
      let isRight = score.verdict == .correct
      #expect(isRight == (style != .flawed), "\(problem.question): \(completion)")
      let hasFormat = FormatGrader().grade(problem.submission(completion: completion)).value == 1
      #expect(hasFormat == (style != .terse), "\(completion)")
    }
    // Binomial with 400 draws: five standard deviations are 49.
    #expect(abs((counts[.flawed] ?? 0) - 160) < 50)
    #expect(abs((counts[.terse] ?? 0) - 120) < 50)
  }

  @Test("Steps of correct reasoning calculate correctly", arguments: names)
  func steps(name: String) throws {
    let family = try Families.named(name)
    for index in 0..<200 {
      var random = TaskRandom(seed: 1, labels: [name], index: index)
      let instance = family.instance(
        difficulty: random.integer(in: family.difficulties), random: &random)
      #expect(!instance.steps.isEmpty)
      #expect(instance.steps != instance.flawedSteps)
      for step in instance.steps.split(separator: " ") where step.contains("=") {
        let sides = step.split(separator: "=")
        let score = CountdownGrader().grade(
          Submission(
            completion: String(sides[0]),
            fields: [
              "mode": "answer", "target": .integer(Int(sides[1]) ?? -1),
              "numbers": .array(
                sides[0].split { !$0.isNumber }.map { .integer(Int($0) ?? -1) }),
            ]))
        #expect(score.verdict == .correct, "\(step) in \(instance.steps)")
      }
    }
  }

  @Test("A question read back has the key that it was drawn with", arguments: names)
  func keys(name: String) throws {
    let family = try Families.named(name)
    for index in 0..<300 {
      var random = TaskRandom(seed: 2, labels: [name], index: index)
      let instance = family.instance(
        difficulty: random.integer(in: family.difficulties), random: &random)
      #expect(family.canonicalKey(question: instance.question) == instance.key)
    }
    #expect(family.canonicalKey(question: "What is the capital of France?") == nil)
    #expect(family.canonicalKey(question: "") == nil)
  }

  @Test("Train and test share no problem, whatever the counts and seeds", arguments: names)
  func splits(name: String) throws {
    let family = try Families.named(name)
    let range = 2...min(4, family.difficulties.upperBound)
    let train = try family.make(count: 300, seed: 1, difficulty: range, split: .train)
    let test = try family.make(count: 100, seed: 7, difficulty: range, split: .test)
    let orders = try family.make(
      count: 600, seed: 3, difficulty: range, split: .train, distinct: .question)
    let testKeys = Set(test.map(\.canonicalKey))
    #expect(testKeys.count == test.count)
    #expect(Set(train.map(\.canonicalKey)).count == train.count)
    #expect(testKeys.isDisjoint(with: train.map(\.canonicalKey)))
    #expect(testKeys.isDisjoint(with: orders.map(\.canonicalKey)))
    #expect(Set(orders.map(\.question)).count == orders.count)
  }

  @Test("The test split is about a fifth", arguments: names)
  func share(name: String) throws {
    let family = try Families.named(name)
    let keys = try family.make(count: 1000, seed: 11, difficulty: family.difficulties)
      .map(\.canonicalKey)
    let tests = keys.count { TaskSplit.test.contains(key: $0) }
    #expect((130...270).contains(tests), "\(tests) of 1000")
    #expect(keys.allSatisfy { TaskSplit.all.contains(key: $0) })
  }

  @Test("Order of operands, names and wording do not make another problem")
  func normalisation() throws {
    func key(_ family: String, _ question: String) throws -> String {
      try #require(try Families.named(family).canonicalKey(question: question))
    }
    #expect(try key("arithmetic", "7+5+8") == key("arithmetic", "8+7+5"))
    #expect(try key("arithmetic", "7+5+8") != key("arithmetic", "7+5+9"))
    #expect(try key("differences", "7+5-8") == key("differences", "5-8+7"))
    #expect(try key("differences", "7+5-8") != key("differences", "7-5+8"))
    #expect(try key("arithmetic", "7+5") == key("differences", "5+7"))
    #expect(try key("countdown", "make 22 from 3 5 7") == key("countdown", "make 22 from 7 3 5"))
    #expect(try key("sequences", "sort 5 2 8") == key("sequences", "sort 8 5 2"))
    #expect(try key("sequences", "reverse 5 2 8") != key("sequences", "reverse 8 5 2"))
    #expect(try key("equations", "3(x+2)=x+16") == key("equations", "3x+6=x+16"))
    #expect(
      try key("word-problems", "Ann has 5 pens and gets 3 more. How many pens now?")
        == key("word-problems", "Leo has 3 cups and gets 5 more. How many cups now?"))
    #expect(
      try key("word-problems", "Ann has 9 pens and gives away 3. How many pens are left?")
        != key("word-problems", "Ann has 3 pens and gives away 9. How many pens are left?"))
  }

  @Test("The same arguments give the same problems; another seed gives others")
  func determinism() throws {
    let family = try Families.named("arithmetic")
    let first = try family.make(count: 20, seed: 4, difficulty: 3...5, demonstrations: .standard)
    let again = try family.make(count: 20, seed: 4, difficulty: 3...5, demonstrations: .standard)
    let other = try family.make(count: 20, seed: 5, difficulty: 3...5, demonstrations: .standard)
    let longer = try family.make(count: 30, seed: 4, difficulty: 3...5, demonstrations: .standard)
    #expect(first == again)
    #expect(first != other)
    #expect(Array(longer.prefix(20)) == first)
    #expect(first[17].id == "arithmetic-000017")
  }

  @Test("The size of chained sums is exact: every problem can be drawn, and not one more")
  func exhaustion() throws {
    let family = try Families.named("arithmetic")
    // Unordered pairs of nine digits.
    #expect(family.size(difficulty: 1) == FamilySize(count: 45, isExact: true))
    #expect(family.size(difficulty: 3) == FamilySize(count: 495, isExact: true))
    #expect(try family.make(count: 45, seed: 0, difficulty: 1...1).count == 45)
    #expect(throws: TaskError.self) { try family.make(count: 46, seed: 0, difficulty: 1...1) }
    let tests = (1...9).flatMap { left in (left...9).map { "\(left)+\($0)" } }
      .count { TaskSplit.test.contains(key: family.canonicalKey(question: $0) ?? "") }
    #expect(
      try family.make(count: tests, seed: 0, difficulty: 1...1, split: .test).count == tests)
    #expect {
      try family.make(count: tests + 1, seed: 0, difficulty: 1...1, split: .test)
    } throws: {
      "\($0)".contains("only \(tests) distinct problems")
    }
  }

  @Test("Lower bounds are bounds: as many problems can be drawn", arguments: names)
  func sizes(name: String) throws {
    let family = try Families.named(name)
    let size = family.size(difficulty: 3)
    #expect(size.count > 400, "\(name): \(size)")
    #expect(try family.make(count: 400, seed: 8, difficulty: 3...3).count == 400)
  }

  @Test("Unknown families, difficulties and mixtures are refused with what is known")
  func refusals() throws {
    #expect {
      try Families.named("algebra")
    } throws: {
      "\($0)".contains("'algebra'") && "\($0)".contains("word-problems")
    }
    #expect {
      try Families.named("equations").make(count: 1, seed: 0, difficulty: 3...9)
    } throws: {
      "\($0)".contains("1 to 4") && "\($0)".contains("3 to 9")
    }
    #expect(throws: TaskError.self) {
      try DemonstrationMixture(terse: 0.5, steps: 0.4, flawed: 0.05)
    }
    #expect(throws: TaskError.self) {
      try DemonstrationMixture(terse: 1.5, steps: -0.5, flawed: 0)
    }
  }

  @Test("Known sizes are what counting gives", arguments: names)
  func knownSizes(name: String) throws {
    let family = try Families.named(name)
    for difficulty in family.difficulties {
      let size = family.size(difficulty: difficulty)
      #expect(size.isExact || size.count == family.countedSize(difficulty: difficulty))
      #expect(size.isExact == (family.exactSize(difficulty: difficulty) != nil))
    }
  }

  @Test("Sizes of all families cost next to nothing")
  func sizesAtOnce() {
    let seconds = {
      var time = timespec()
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
    let start = seconds()
    for family in Families.all { #expect(family.size(difficulties: family.difficulties).count > 0) }
    // Counting them takes five seconds.
    #expect(seconds() - start < 0.1)
  }

  @Test("Mixed problems are the drawn ones in an order that does not drift")
  func mixing() throws {
    let family = try Families.named("countdown")
    let drawn = try family.make(
      count: 900, seed: 5, difficulty: 1...3, split: .train, demonstrations: .standard)
    let mixed = try family.mixed(
      count: 900, seed: 5, difficulty: 1...3, split: .train, demonstrations: .standard)
    let mean = { (problems: ArraySlice<Problem>) in
      Double(problems.compactMap(\.difficulty).reduce(0, +)) / Double(problems.count)
    }
    #expect(mean(drawn.suffix(300)) - mean(drawn.prefix(300)) > 0.3)
    #expect(abs(mean(mixed.suffix(300)) - mean(mixed.prefix(300))) < 0.15)
    #expect(mixed.map(\.id) == drawn.map(\.id))
    let content = { (problem: Problem) in
      [problem.question, problem.answer, problem.completion, problem.difficulty.map(String.init)]
    }
    #expect(mixed.map(content) != drawn.map(content))
    #expect(Set(mixed.map(content)) == Set(drawn.map(content)))
    #expect(
      try family.mixed(
        count: 900, seed: 5, difficulty: 1...3, split: .train, demonstrations: .standard) == mixed)
  }
}
