import HoneJSON

extension CodeTask {
  /// Bounds on what a row may ask for.
  package enum Bounds {
    /// CPU seconds a case.
    package static let seconds = 0.01...600
    /// Megabytes; an interpreter does not start in less.
    package static let megabytes = 32...65_536
    /// Kilobytes of output.
    package static let kilobytes = 1...65_536
    /// Differences of numbers.
    package static let tolerance = 1e-18...1
    /// The weight of a case.
    package static let weight = 0.001...1000
    /// The number of cases.
    package static let cases = 10_000
    /// Bytes of a program.
    package static let programBytes = 262_144
  }

  /// Reads `tests` and the settings beside it from the fields of a row.
  ///
  /// Strict: every value has its type and range, every object only known keys, and a setting that
  /// nothing would act on is refused.
  ///
  /// - Throws: ``GraderError`` with the path, the value seen and the value wanted.
  package init(fields: JSONObject) throws(GraderError) {
    let row = RowMembers(path: "", object: fields)
    let field = try row.required("tests")
    guard let kindField = field.value["kind"] else {
      guard field.value.object != nil else { throw field.unexpected("an object") }
      throw GraderError("tests: no kind")
    }
    let kind = try RowField(path: "tests.kind", value: kindField).choice(CodeTests.Kind.self)
    checker = try row.optional("checker").map(CheckerSource.init)
    tests = try CodeTests(field, kind: kind, hasChecker: checker != nil)
    language = try row.optional("language").map(ProgramLanguage.init) ?? .python
    guard language.kinds.contains(kind) else {
      let kinds = language.kinds.map(\.rawValue).joined(separator: ", ")
      throw GraderError(
        "language is \(language.name), which has tests of kind \(kinds) only; saw \(kind.rawValue)")
    }
    mode = try row.optional("mode")?.choice(AnswerMode.self) ?? .response
    limits = try Self.limits(row)
    tolerance = try row.optional("tolerance")?.number(Bounds.tolerance)
    credit = try Self.credit(row, tests: field, kind: kind)
    try refuseUnused(kind)
  }

  private static func limits(_ row: RowMembers) throws(GraderError) -> SandboxLimits {
    let seconds = try row.optional("time_limit")?.number(Bounds.seconds)
    let megabytes = try row.optional("memory_limit_mb")?.integer(Bounds.megabytes)
    let kilobytes = try row.optional("output_limit_kb")?.integer(Bounds.kilobytes)
    return SandboxLimits(
      cpuSeconds: seconds ?? 4, memoryBytes: (megabytes ?? 512) << 20,
      outputBytes: (kilobytes ?? 1024) << 10)
  }

  private static func credit(
    _ row: RowMembers, tests: RowField, kind: CodeTests.Kind
  ) throws(GraderError) -> Credit {
    let known = ["all", "fraction", "weighted"]
    let field = row.optional("credit")
    let name = try field?.string() ?? "all"
    guard let field, name != "all", name != "fraction" else {
      let cases = tests.value["cases"]?.array ?? []
      if let index = cases.firstIndex(where: { $0["weight"] != nil }) {
        throw GraderError(
          "tests.cases[\(index)] has a weight, which credit '\(name)' does not look at; "
            + "wanted credit 'weighted', or no weight")
      }
      return name == "all" ? .all : .fraction
    }
    guard name == "weighted" else {
      throw field.unexpected("one of " + known.joined(separator: ", "))
    }
    guard kind == .stdio || kind == .function else {
      throw GraderError(
        "credit is 'weighted', wanted 'all' or 'fraction' for tests of kind \(kind.rawValue), "
          + "which have no cases with weights")
    }
    var weights: [Double] = []
    for test in try cases(of: tests) {
      weights.append(
        try RowMembers(path: test.path, object: test.value.object ?? [:]).required("weight")
          .number(Bounds.weight))
    }
    return .weighted(weights)
  }

  /// The cases of tests that have been read already.
  private static func cases(of tests: RowField) throws(GraderError) -> [RowField] {
    try RowMembers(path: tests.path, object: tests.value.object ?? [:]).required("cases")
      .elements(upTo: Bounds.cases, "cases")
  }

  private func refuseUnused(_ kind: CodeTests.Kind) throws(GraderError) {
    if tolerance != nil {
      guard kind == .stdio || kind == .function else {
        throw GraderError(
          "tolerance is set, but tests of kind \(kind.rawValue) compare for themselves; leave it out"
        )
      }
      guard checker == nil else {
        throw GraderError("tolerance and checker are both set; the checker decides, leave one out")
      }
    }
    guard checker == nil || kind == .stdio else {
      throw GraderError(
        "checker is set, but only tests of kind stdio have one; the kind is \(kind.rawValue)")
    }
  }
}

extension ProgramLanguage {
  /// Reads a name or tag.
  init(_ field: RowField) throws(GraderError) {
    guard let language = field.value.string.flatMap(ProgramLanguage.named) else {
      throw field.unexpected(
        "one of " + ProgramLanguage.all.map(\.name).joined(separator: ", "))
    }
    self = language
  }
}

extension CheckerSource {
  /// Reads a Python program, or `{"language", "source"}`.
  init(_ field: RowField) throws(GraderError) {
    if field.value.string != nil {
      self.init(language: .python, source: try field.nonBlank("a program"))
    } else if field.value.object != nil {
      let members = try field.members(known: ["language", "source"])
      self.init(
        language: try ProgramLanguage(members.required("language")),
        source: try members.required("source").nonBlank("a program"))
    } else {
      throw field.unexpected("a Python program, or an object with language and source")
    }
    guard source.utf8.count <= CodeTask.Bounds.programBytes else {
      throw GraderError(
        "\(field.path) has \(source.utf8.count) bytes, wanted at most "
          + "\(CodeTask.Bounds.programBytes)")
    }
  }
}
