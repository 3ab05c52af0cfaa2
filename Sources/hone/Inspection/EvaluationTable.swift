import HoneTraining

/// An evaluation as a table for people.
struct EvaluationTable {
  /// A row for all, then by family, difficulty and style where there are several.
  let table: Table

  init(_ statistics: EvaluationStatistics) {
    var table = Table([
      .init(""), .init("problems", .right), .init("pass@1", .right), .init("95 %", .right),
      .init("length", .right), .init(""),
    ])
    var remarks: [String] = []
    for rate in statistics.passRates {
      remarks.append("pass@\(rate.k) \(rate.rate.shownPercent())")
    }
    if statistics.samples > 1 { remarks.append("maj@k \(statistics.majority.shownPercent())") }
    if statistics.truncated > 0 {
      remarks.append("\(statistics.truncated.shownPercent()) truncated")
    }
    if statistics.noAnswer > 0 {
      remarks.append("\(statistics.noAnswer.shownPercent()) without a marked answer")
    }
    if statistics.unscored > 0 { remarks.append("\(statistics.unscored.shownPercent()) unscored") }
    func interval(_ pass: ProportionInterval) -> String {
      "\(pass.low.shownPercent(digits: 1)) to \(pass.high.shownPercent(digits: 1))"
    }
    func add(
      _ name: String, _ problems: Int, _ pass: ProportionInterval, _ length: Double,
      _ remark: String = ""
    ) {
      table.add([
        name, "\(problems)", pass.estimate.shownPercent(digits: 1), interval(pass),
        length.shown(digits: 1), remark,
      ])
    }
    add(
      "all", statistics.problems, statistics.passAt1, statistics.meanLength,
      remarks.joined(separator: ", "))
    let groups =
      [("family", statistics.byFamily), ("difficulty", statistics.byDifficulty)]
      .filter { $0.1.count > 1 }
    for (kind, groups) in groups {
      for group in groups {
        add("\(kind) \(group.name.shown())", group.problems, group.passAt1, group.meanLength)
      }
    }
    for style in statistics.byStyle where statistics.byStyle.count > 1 {
      table.add([
        "style \(style.name)", style.share.shownPercent(), style.passAt1.shownPercent(digits: 1),
        "", style.meanLength.shown(digits: 1), "",
      ])
    }
    self.table = table
  }
}
