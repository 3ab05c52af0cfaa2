import HoneJSON
import HoneTasks
import HoneTraining
import Testing

@Suite("Some problems stand for all of them")
struct ProblemDrawTests {
  @Test("A draw has the order of the file, and a larger one holds it", arguments: [1, 10, 40, 299])
  func places(limit: Int) {
    let places = ProblemDraw(limit: limit).places(of: 300)
    #expect(places.count == limit && places == places.sorted() && Set(places).count == limit)
    let larger = ProblemDraw(limit: limit + 1).places(of: 300)
    #expect(Set(places).isSubset(of: larger))
    #expect(ProblemDraw(limit: limit, seed: 1).places(of: 300) != places)
  }

  @Test("Without a limit, or with one that is beyond, all are taken and nothing is said")
  func all() {
    for limit in [nil, 3, 4] {
      let draw = ProblemDraw(limit: limit)
      #expect(draw.places(of: 3) == [0, 1, 2])
      #expect(draw.summary(of: 3) == nil)
      var row: JSONObject = ["settings": [:]]
      draw.write(to: &row, count: 3)
      #expect(row["settings"] == [:])
    }
    let draw = ProblemDraw(limit: 2)
    #expect(draw.summary(of: 3) == "2 of 3 problems, drawn by a seeded permutation (seed 0)")
    var row: JSONObject = ["settings": [:]]
    draw.write(to: &row, count: 3)
    #expect(row["settings"]?["limit"] == 2 && row["settings"]?["drawn_from"] == 3)
  }

  @Test("The mean of a file that goes from easy to hard is met within chance")
  func drift() {
    // 300 places, the mean 149.5, its deviation over draws of 40 about 12.8.
    let means = (0..<50).map { seed in
      Moments.mean(ProblemDraw(limit: 40, seed: seed).places(of: 300).map(Double.init))
    }
    #expect(abs(Moments.mean(means) - 149.5) < 5.5)
    #expect((9...17).contains(Moments.standardDeviation(means)))
  }
}
