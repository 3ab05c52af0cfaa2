import Foundation
import HoneGraders
import Synchronization
import Testing

@Suite struct GradingPoolTests {
  /// Waits for as long as the completion says, so that results finish out of order.
  private struct SlowGrader: Grader {
    var name: String { "slow" }
    func grade(_ submission: Submission) -> Score {
      Thread.sleep(forTimeInterval: Double(submission.completion) ?? 0)
      return .correct(submission.id)
    }
  }

  @Test("Results are in the order of the submissions for any number of workers", arguments: 1...5)
  func order(workers: Int) {
    let submissions = (0..<60).map {
      Submission(
        id: String($0), completion: "<answer>\($0)</answer>", reference: String($0 / 2 * 2))
    }
    let scores = GradingPool(workers: workers).grade(submissions, with: MathGrader())
    #expect(scores.map(\.extracted) == submissions.map(\.id))
    #expect(scores.map(\.verdict) == (0..<60).map { $0 % 2 == 0 ? .correct : .incorrect })
    let totals = GradingPool(workers: workers).grade(submissions, with: Rubric(MathGrader()))
    #expect(totals.map(\.verdict) == scores.map(\.verdict))
  }

  @Test("A slow submission holds up nobody but itself")
  func slow() {
    let submissions =
      [Submission(id: "0", completion: "0.3")]
      + (1..<20).map { Submission(id: String($0), completion: "0.01") }
    let finished = Mutex<[String]>([])
    let scores = GradingPool(workers: 2).map(submissions) { submission in
      let score = SlowGrader().timedGrade(submission)
      finished.withLock { $0.append(submission.id) }
      return score
    }
    #expect(scores.map(\.reason) == submissions.map(\.id))
    #expect(finished.withLock { $0.last } == "0")
    #expect(scores[0].seconds >= 0.3)
  }

  @Test("Grading begins with the first submission, and ends with the last", arguments: [2, 5])
  func ongoing(workers: Int) {
    let began = DispatchSemaphore(value: 0)
    let ongoing = GradingPool(workers: workers).begin { (item: Int) in
      began.signal()
      return item * item
    }
    // The second is added only once the first is being graded.
    for item in 0..<50 {
      ongoing.add(item)
      #expect(began.wait(timeout: .now() + 60) == .success, "item \(item) waits for the others")
    }
    #expect(ongoing.results() == (0..<50).map { $0 * $0 })
  }

  @Test("One worker grades on the thread that asks for the results")
  func alone() {
    let began = Mutex(0)
    let ongoing = GradingPool(workers: 1).begin { (item: Int) in
      began.withLock { $0 += 1 }
      return item
    }
    for item in 0..<10 { ongoing.add(item) }
    #expect(began.withLock { $0 } == 0)
    #expect(ongoing.results() == Array(0..<10))
  }

  @Test("No submissions give no scores")
  func empty() {
    #expect(GradingPool(workers: 4).grade([], with: MathGrader()).isEmpty)
  }
}
