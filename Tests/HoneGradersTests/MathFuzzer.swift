import Foundation
import HoneGraders
import HoneJSON

/// Makes answers that no grader expects: random tokens, and known answers cut, joined and repeated.
///
/// Input number n of a seed is always the same, so that a find can be made again.
struct MathFuzzer {
  /// One input.
  struct Input: Equatable {
    var gold: String
    var prediction: String
    var mode: AnswerMode
    var policy: String
  }

  /// The answers that mutations start from.
  let seeds: [(gold: String, prediction: String)]
  let seed: UInt64

  private struct Random {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
    mutating func pick<Element>(_ items: [Element]) -> Element { items[below(items.count)] }
  }

  private static let fragments: [String] = [
    "\\frac{", "\\frac12", "\\sqrt", "\\sqrt[3]{", "{", "}", "(", ")", "[", "]", "\\{", "\\}", "|",
    "^",
    "^{", "_", "_{", "!", "!!", "+", "-", "*", "/", "=", "<", ">", "\\le", "\\ne", "\\in", "\\pm",
    "\\mp",
    ",", ";", ":", ".", "..", "...", "%", "\\%", "$", "\\$", "°", "^\\circ", "x", "y", "n", "i",
    "e",
    "\\pi", "π", "\\infty", "0", "1", "2", "7", "10", "99", "0.5", "1,234", "1.234,5", "1e9",
    "1e-9",
    "9^9", "\\sin", "\\cos ", "\\tan", "\\log_2", "\\ln", "\\exp", "\\arcsin", "\\arctan", "\\max(",
    "\\gcd(", "\\binom{", "\\sum_{k=1}^{", "\\prod_{i=1}^", "\\int_0^", "dx", "\\lim_{x\\to ",
    "\\cup",
    "\\cap", "\\setminus", "\\text{", "\\text{ or }", " and ", " or ", "\\mathrm{",
    "\\begin{pmatrix}",
    "\\end{pmatrix}", "&", "\\\\", "\\left", "\\right", "\\lfloor", "\\rfloor", "\\overline{",
    "\\bmod",
    "\\pmod{", " cm", "\\text{ m}", " km/h", " dollars", " million", "th", "not ", "yes", "C",
    "(C)",
    "\\mathbb{R}", "\\emptyset", "\\mid", " to ", "\u{200B}", "²", "½", "√", "٣", "－", "\u{0}", "😀",
    "\\over", "\\choose", "'", "\\prime", "\\boxed{", "<answer>", "</answer>", "</think>", "#### ",
    "The answer is ", "f(x)=", "\\vec{", "\\dot", "cis", "\\left\\langle", "\\rangle", "1213_4",
    "0x",
    "(mod ", "\\equiv", "three", "twenty", "\\phantom{", "~", "\\,", "\\begin{cases}", "||",
    "\\tfrac",
    "\\cdot", "\\times", "\n", "\t", " ", "  ", "e^{i\\pi}", "\\sqrt{2}", "x^2", "2^{n}", "n!",
    "(n+1)!",
  ]

  /// The input of a number.
  func input(_ number: UInt64) -> Input {
    var random = Random(state: seed &+ number &* 0xD134_2543_DE82_EF95)
    let start = random.pick(seeds)
    var gold = start.gold
    var prediction = random.below(4) == 0 ? random.pick(seeds).prediction : start.prediction
    if random.below(5) == 0 {
      prediction = Self.tokens(&random, 1 + random.below(24))
    } else {
      for _ in 0...random.below(5) { prediction = Self.mutated(prediction, &random, seeds) }
    }
    if random.below(6) == 0 { gold = Self.mutated(gold, &random, seeds) }
    if random.below(8) == 0 { gold = prediction }
    return Input(
      gold: gold, prediction: prediction, mode: random.below(4) == 0 ? .response : .answer,
      policy: random.pick(MathPolicy.presets).name)
  }

  private static func tokens(_ random: inout Random, _ count: Int) -> String {
    (0..<count).map { _ in random.pick(fragments) }.joined()
  }

  private static func mutated(
    _ text: String, _ random: inout Random, _ seeds: [(gold: String, prediction: String)]
  ) -> String {
    var scalars = Array(text.unicodeScalars.prefix(4000))
    let place = random.below(scalars.count + 1)
    switch random.below(9) {
    case 0, 1: scalars.insert(contentsOf: random.pick(fragments).unicodeScalars, at: place)
    case 2 where !scalars.isEmpty:
      scalars.removeSubrange(
        min(place, scalars.count - 1)..<min(scalars.count, place + 1 + random.below(6)))
    case 3 where !scalars.isEmpty:
      scalars[min(place, scalars.count - 1)] =
        Unicode.Scalar(UInt32(32 + random.below(95))) ?? "x"
    case 4:
      let other = Array(random.pick(seeds).prediction.unicodeScalars.prefix(400))
      scalars.replaceSubrange(place..., with: other[random.below(other.count + 1)...])
    case 5:
      let end = min(scalars.count, place + 1 + random.below(12))
      let part = Array(scalars[place..<end])
      let times = 1 + random.below(random.below(20) == 0 ? 300 : 4)
      for _ in 0..<times where scalars.count < 6000 { scalars.insert(contentsOf: part, at: place) }
    case 6:
      let (open, close) = random.pick([
        ("(", ")"), ("{", "}"), ("\\frac{", "}{2}"), ("\\sqrt{", "}"), ("2^{", "}"), ("|", "|"),
        ("\\sin(", ")"), ("-", ""), ("", "!"), ("\\{", "\\}"), ("[", "]"), ("\\boxed{", "}"),
        ("1/", ""), ("\\ln(", ")"), ("", "^{9}"), ("e^{", "}"),
      ])
      let times = 1 + random.below(random.below(10) == 0 ? 120 : 3)
      let (before, after) = (
        String(repeating: open, count: times), String(repeating: close, count: times)
      )
      return before + String(String.UnicodeScalarView(scalars)) + after
    case 7:
      scalars = scalars.map { scalar in
        ("0"..."9").contains(scalar) && random.below(3) == 0
          ? Unicode.Scalar(UInt32(48 + random.below(10))) ?? "0" : scalar
      }
    default: scalars += random.pick(fragments).unicodeScalars
    }
    return String(String.UnicodeScalarView(scalars))
  }

  // MARK: - One run

  /// What is wrong with an input.
  struct Find: CustomStringConvertible {
    var number: UInt64
    var input: Input
    var problem: String
    var description: String {
      "input \(number): \(problem): gold '\(input.gold.prefix(200))' prediction "
        + "'\(input.prediction.prefix(300))' mode \(input.mode) policy \(input.policy)"
    }
  }

  /// Seconds of this thread's processor time.
  static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Grades an input; a find where it takes too long or is not judged the same twice.
  static func check(_ input: Input, number: UInt64, bound: Double) -> Find? {
    let grader = MathGrader()
    let submission = Submission(
      completion: input.prediction, reference: input.gold,
      fields: ["mode": .string(input.mode.rawValue), "policy": .string(input.policy)])
    var least = Double.infinity
    var first: Score?
    for _ in 0..<4 {
      let start = processorTime()
      let score = grader.grade(submission)
      least = min(least, processorTime() - start)
      if let first, first != score {
        return Find(number: number, input: input, problem: "two verdicts")
      }
      first = score
      if least < bound { break }
    }
    return least < bound
      ? nil : Find(number: number, input: input, problem: "\(least * 1000) ms of processor time")
  }
}
