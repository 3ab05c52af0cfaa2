import HoneGraders
import HoneJSON
import Testing

@Suite struct GamesTests {
  private func countdown(_ answer: String, reference: String? = "3*5+7") -> Score {
    CountdownGrader().grade(
      Submission(completion: "<answer>\(answer)</answer>", reference: reference))
  }

  @Test(
    "Any expression of the numbers with the right value is right",
    arguments: [
      "3*5+7", "7+5*3", "(5*3)+7", " 7 + 3 × 5 ", "3*5+7=22", "$3 \\times 5 + 7$", "((3)*(5))+7",
    ])
  func solutions(answer: String) { #expect(countdown(answer).verdict == .correct) }

  @Test(
    "Other values, other numbers and other things are wrong",
    arguments: [
      "", "22", "3*5", "3*5+7+0", "3+5+7", "3*5+7=23", "3*5+6+1", "35-7-6", "3*5+7-3+3",
      "3**5+7", "3^5", "3*(5+7", "3*5+7)", "-3*-5+7", "3*5+7 or 22", "3*5+7; 22", "3.0*5+7",
      "print(22)", "(3/(5-5))*7", "3 5 7",
    ])
  func mistakes(answer: String) { #expect(countdown(answer).verdict == .incorrect, "\(answer)") }

  @Test("Values are exact fractions, and division by zero is no value")
  func fractions() {
    #expect(countdown("8/(3-8/3)", reference: "8/(3-8/3)").verdict == .correct)
    #expect(countdown("3/(3-8/8)", reference: "8/(3-8/3)").verdict == .incorrect)
    #expect(countdown("1/3*3", reference: "3/3*1").verdict == .correct)
    #expect(countdown("7/(5-5)", reference: "7*5/5").reason == "divides by zero")
    #expect(countdown("1", reference: "1/0").verdict == .unscored)
    #expect(countdown("1", reference: nil).verdict == .unscored)
    #expect(countdown("1", reference: "one").verdict == .unscored)
  }

  @Test("Numbers and target may come with the row")
  func fields() {
    let fields: JSONObject = ["numbers": [3, 5, 7], "target": 22, "mode": "answer"]
    let grader = CountdownGrader()
    #expect(grader.grade(Submission(completion: "7+3*5", fields: fields)).verdict == .correct)
    #expect(grader.grade(Submission(completion: "7*3+1", fields: fields)).verdict == .incorrect)
    for broken: JSONObject in [
      ["numbers": 3, "target": 22], ["numbers": [3.5], "target": 22],
      ["numbers": [3], "target": "3"], ["numbers": [], "target": 0],
    ] {
      #expect(grader.grade(Submission(completion: "3", fields: broken)).verdict == .unscored)
    }
  }

  @Test("Hostile expressions are refused", .timeLimit(.minutes(1)))
  func hostile() {
    let deep = String(repeating: "(", count: 400) + "1" + String(repeating: ")", count: 400)
    let long = String(repeating: "9*", count: 5000) + "9"
    for answer in [deep, long, String(repeating: "9", count: 900)] {
      #expect(countdown(answer).verdict == .incorrect)
    }
  }

  @Test(
    "Sequences are equal item by item, in order",
    arguments: [
      ("1 2 3", true), ("1, 2, 3", true), ("(1,2,3)", true), ("[1; 2; 3]", true), ("1  2\n3", true),
      ("1 3 2", false), ("1 2", false), ("1 2 3 4", false), ("", false), ("123", false),
      ("1 2 3.0", false),
    ])
  func sequences(answer: String, isRight: Bool) {
    let score = SequenceGrader().grade(
      Submission(completion: "<answer>\(answer)</answer>", reference: "1 2 3"))
    #expect(score.verdict == (isRight ? .correct : .incorrect))
  }

  @Test("A sequence without a reference is not judged")
  func noReference() {
    #expect(SequenceGrader().grade(Submission(completion: "1")).verdict == .unscored)
    #expect(
      SequenceGrader().grade(Submission(completion: "1", reference: " , ")).verdict == .unscored)
  }
}
