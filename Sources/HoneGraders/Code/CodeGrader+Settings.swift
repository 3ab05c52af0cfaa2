public import HoneJSON

extension CodeGrader {
  /// The names of ``AnswerMode``.
  public var modes: [String] { AnswerMode.allCases.map(\.rawValue) }

  /// The grader with a mode for submissions that name none.
  public func with(mode name: String) -> (any Grader)? {
    guard AnswerMode(rawValue: name) != nil else { return nil }
    var grader = self
    grader.defaults["mode"] = .string(name)
    return grader
  }

  /// What a row may set beside its tests; a row's own values go before.
  public var settings: [GraderSetting] {
    typealias Bounds = CodeTask.Bounds
    return [
      GraderSetting(
        "language", .choice(ProgramLanguage.all.map(\.name)), standard: "python",
        "what programs are written in"),
      GraderSetting("time_limit", .number(Bounds.seconds), standard: "4", "seconds of CPU a case"),
      GraderSetting(
        "memory_limit_mb", .integer(Bounds.megabytes), standard: "512", "memory of a case"),
      GraderSetting(
        "output_limit_kb", .integer(Bounds.kilobytes), standard: "1024", "output of a case"),
      GraderSetting(
        "tolerance", .number(Bounds.tolerance), standard: "none",
        "how far numbers may differ, where values or outputs are compared"),
      GraderSetting(
        "credit", .choice(["all", "fraction", "weighted"]), standard: "all",
        "what passing some cases is worth"),
    ]
  }

  /// The grader with values for rows that have none of their own.
  public func with(settings values: JSONObject) throws(GraderError) -> any Grader {
    try check(settings: values)
    var grader = self
    grader.defaults.merge(values)
    return grader
  }

  /// A row's fields with the values that it does not give itself.
  func completed(_ fields: JSONObject) -> JSONObject {
    guard !defaults.isEmpty else { return fields }
    let kind = fields["tests"]?["kind"]?.string
    let compares = kind == "stdio" || kind == "function"
    var fields = fields
    for (key, value) in defaults.pairs where fields[key] == nil || fields[key]?.isNull == true {
      // A tolerance is of no use to tests that compare for themselves, and a checker goes before it.
      if key == "tolerance", !compares || fields["checker"] != nil { continue }
      fields[key] = value
    }
    return fields
  }
}
