import HoneJSON
import HoneTraining

/// The numbers of a run as people follow them: one line a report, each the mean of the steps since
/// the last one.
package struct StepTable {
  /// A column: how it is called, where its number is found, how it is shown.
  private struct Column: Sendable {
    var title: String
    var key: String
    var width: Int
    var shown: @Sendable (Double) -> String
  }

  /// Those that are shown on a terminal.
  private let columns: ArraySlice<Column>
  /// All of them, for pipes and logs.
  private let plainColumns: [Column]
  /// Columns that are left for the sparkline.
  private let sparkWidth: Int
  /// What the sparkline draws.
  private let leading: String
  private let every: Int
  private let lastStep: Int
  private var window: [JSONObject] = []
  private var history: [Double] = []

  /// A table for a stage of some kind.
  ///
  /// - Parameters:
  ///   - every: steps between reports; nil chooses so that there are at most 50.
  ///   - width: columns of the terminal; a narrow one shows what fits of the first numbers.
  package init(kind: String, steps: ClosedRange<Int>, every: Int?, width: Int? = nil) {
    let isSupervised = kind == Stage.Kind.sft.rawValue
    leading = isSupervised ? "loss" : "reward"
    let all = isSupervised ? Self.supervised : Self.groupRelative
    plainColumns = all
    // The step, and behind every other column two spaces for numbers that outgrow theirs.
    var room = (width ?? .max) - 5
    columns = all.prefix { column in
      room -= column.width + 2
      return room >= 0
    }
    sparkWidth = width == nil ? .max : max(0, room - 2)
    lastStep = steps.upperBound
    self.every = every ?? Self.interval(steps: steps.count)
  }

  private static let tail: [Column] = [
    Column(title: "len", key: "completions/mean_length", width: 5) { $0.shown(digits: 0) },
    Column(title: "entropy", key: "entropy", width: 7) { $0.shown(digits: 2) },
    Column(title: "tok/s", key: "tokens_per_second", width: 6) { $0.shown(digits: 0) },
    Column(title: "time", key: "step_time", width: 6) { $0.shownDuration },
  ]
  private static let groupRelative: [Column] =
    [
      Column(title: "reward", key: "reward", width: 6) { $0.shown(digits: 2) },
      Column(title: "pass@1", key: "pass@1", width: 6) { $0.shownPercent() },
      Column(title: "learn", key: "learnable_groups", width: 5) { $0.shownPercent() },
    ] + tail
  private static let supervised: [Column] =
    [
      Column(title: "loss", key: "loss", width: 6) { $0.shown(digits: 3) },
      Column(title: "norm", key: "grad_norm", width: 6) { $0.shown(digits: 2) },
      Column(title: "rate", key: "learning_rate", width: 7) { $0.shownScientific },
    ] + tail.filter { $0.key != "entropy" }

  private static func interval(steps: Int) -> Int {
    var unit = 1
    while true {
      for factor in [1, 2, 5] where steps <= 50 * factor * unit { return factor * unit }
      unit *= 10
    }
  }

  /// Takes the row of a step; whether a report is due.
  package mutating func add(_ row: JSONObject) -> Bool {
    window.append(row)
    history.append(row[leading]?.double ?? .nan)
    let step = row["step"]?.int ?? 0
    return step % every == 0 || step == lastStep || history.count == 1
  }

  /// The titles of the columns.
  package var header: String { table.header() ?? "" }

  /// The line of a report, sparkline included; begins a new window.
  package mutating func line() -> String {
    defer { window = [] }
    let cells = columns.map { $0.shown(mean($0.key)) }
    // The newest end of the line says most.
    let spark = String(Sparkline(history).text.suffix(sparkWidth))
    return table.grown([stepText] + cells + [spark]).joined()
  }

  /// The same numbers as `key=value`, for pipes and logs; begins a new window.
  package mutating func plainLine() -> String {
    defer { window = [] }
    let numbers = plainColumns.map { "\($0.key)=\(Self.plain(mean($0.key)))" }
    return (["step=\(stepText)"] + numbers).joined(separator: " ")
  }

  private var stepText: String { window.last?["step"].map { $0.serialized() } ?? "" }

  private var table: Table {
    Table(
      [.init("step", .right, minimum: 5)]
        + columns.map { .init($0.title, .right, minimum: $0.width) } + [.init("")])
  }

  private func mean(_ key: String) -> Double {
    let values = window.compactMap { $0[key]?.double }
    guard !values.isEmpty else { return .nan }
    return values.reduce(0, +) / Double(values.count)
  }

  /// Four significant digits or so, without grouping.
  private static func plain(_ value: Double) -> String {
    guard value.isFinite else { return "nan" }
    let size = abs(value)
    if size != 0, size < 0.01 { return value.shownScientific }
    return value.shown(digits: size < 10 ? 4 : size < 1000 ? 2 : 0)
  }
}
