public import HoneJSON

extension MathGrader {
  /// What can be set beside policy and mode: the fields of ``MathPolicy``, where the answer is looked
  /// for, and the bounds of ``MathLimits``.
  public var settings: [GraderSetting] {
    Self.policySettings.map(\.setting) + Self.limitSettings.map(\.setting)
  }

  /// The grader with values of its settings; they adjust whatever policy a row is judged by.
  public func with(settings values: JSONObject) throws(GraderError) -> any Grader {
    try check(settings: values)
    var grader = self
    grader.adjustments.merge(values)
    return grader
  }

  /// A policy with the values that were set.
  func adjusted(_ policy: MathPolicy) -> MathPolicy {
    guard !adjustments.isEmpty else { return policy }
    var policy = policy
    for entry in Self.policySettings {
      if let value = adjustments[entry.setting.name] { entry.apply(&policy, value) }
    }
    return policy
  }

  /// Limits with the values that were set.
  func adjusted(_ limits: MathLimits) -> MathLimits {
    guard !adjustments.isEmpty else { return limits }
    var limits = limits
    for entry in Self.limitSettings {
      if let value = adjustments[entry.setting.name]?.int { limits[keyPath: entry.field] = value }
    }
    return limits
  }

  // MARK: - The table

  private struct PolicySetting: Sendable {
    var setting: GraderSetting
    var apply: @Sendable (inout MathPolicy, JSON) -> Void
  }

  private static func flag(
    _ name: String, _ field: any WritableKeyPath<MathPolicy, Bool> & Sendable, _ meaning: String
  ) -> PolicySetting {
    PolicySetting(setting: GraderSetting(name, .flag, standard: "the policy's", meaning)) {
      if let value = $1.bool { $0[keyPath: field] = value }
    }
  }

  private static func count(
    _ name: String, _ range: ClosedRange<Int>,
    _ field: any WritableKeyPath<MathPolicy, Int?> & Sendable,
    _ meaning: String
  ) -> PolicySetting {
    PolicySetting(
      setting: GraderSetting(name, .optionalInteger(range), standard: "the policy's", meaning)
    ) { $0[keyPath: field] = $1.int }
  }

  private static let policySettings: [PolicySetting] = [
    count(
      "significant_digits", 1...1_000, \.decimals.significantDigits,
      "fewest digits of a decimal that stands for an exact value"),
    PolicySetting(
      setting: GraderSetting(
        "decimal_one_in", .integer(1...1_000_000_000), standard: "the policy's",
        "largest error of such a decimal, one part in so many")
    ) { $0.decimals.oneIn = $1.int ?? $0.decimals.oneIn },
    count(
      "rounded_reference_decimals", 1...1_000, \.decimals.roundedReferenceDecimals,
      "fewest decimals of a reference that is taken for rounded"),
    count(
      "measurement_one_in", 1...1_000_000_000, \.measurementOneIn,
      "error allowed against a decimal reference, one part in so many"),
    flag("percent_sign_is_optional", \.percentSignIsOptional, "whether 28 and 28 % are equal"),
    flag("unit_is_optional", \.unitIsOptional, "whether a unit may be left out"),
    flag("allows_any_noun", \.allowsAnyNoun, "whether any word may follow a number"),
    flag("compares_currency", \.comparesCurrency, "whether other currencies are other answers"),
    flag("groups_thousands", \.groupsThousands, "whether 1,234 is one number"),
    flag("bare_list_is_tuple", \.bareListIsTuple, "whether a list may stand for a tuple"),
    flag(
      "accepts_numeric_equality", \.acceptsNumericEquality,
      "whether agreement to 60 digits is equality"),
    PolicySetting(
      setting: GraderSetting(
        "extraction", .choices(ExtractionPolicy.Rule.allCases.map(\.name)),
        standard: "the policy's",
        "where the answer is looked for, in this order")
    ) { policy, value in
      policy.extraction.rules = (value.array ?? []).compactMap(\.string)
        .compactMap(ExtractionPolicy.Rule.init(name:))
    },
    flag(
      "skips_reasoning", \.extraction.skipsReasoning, "whether only what follows </think> counts"),
  ]

  private struct LimitSetting: Sendable {
    var setting: GraderSetting
    var field: any WritableKeyPath<MathLimits, Int> & Sendable
  }

  /// A bound may be lowered at will, and raised tenfold; nesting is bounded by the stack.
  private static func limit(
    _ name: String, _ field: any WritableKeyPath<MathLimits, Int> & Sendable, upTo factor: Int = 10
  ) -> LimitSetting {
    let standard = MathLimits.standard[keyPath: field]
    return LimitSetting(
      setting: GraderSetting(
        name, .integer(1...standard * factor), standard: String(standard),
        "a bound that is checked before the work"),
      field: field)
  }

  private static let limitSettings: [LimitSetting] = [
    limit("max_bytes", \.bytes), limit("max_nesting", \.nesting, upTo: 1),
    limit("max_digits", \.digits), limit("max_exponent", \.exponent), limit("max_terms", \.terms),
    limit("max_iterations", \.iterations), limit("max_alternatives", \.alternatives),
    limit("max_members", \.members), limit("probes", \.probes),
    limit("max_precision", \.precision), limit("max_steps", \.steps),
  ]
}
