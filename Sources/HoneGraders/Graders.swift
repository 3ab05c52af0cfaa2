public import HoneJSON

/// The graders that come with the package, by name.
public enum Graders {
  /// All graders with their usual settings, in the order in which they are listed.
  public static var all: [any Grader] { all(options: GraderOptions()) }

  /// All graders, in the order in which they are listed.
  public static func all(options: GraderOptions) -> [any Grader] {
    [
      MathGrader(), FormatGrader(), TagCountGrader(), OverlongGrader(), CountdownGrader(),
      SequenceGrader(), CodeGrader(options: options),
    ]
  }

  /// Names that other trainers use, and ours for the same rule.
  public static let aliases: [(alias: String, name: String)] = [
    ("accuracy_reward", "math"), ("think_format_reward", "format"),
    ("format_reward", "format"), ("tag_count_reward", "tag-count"),
    ("get_soft_overlong_punishment", "overlong"), ("code_reward", "code"),
    ("binary_code_reward", "code"), ("prime_code", "code"), ("sandbox_fusion", "code"),
  ]

  /// The grader of a name or alias.
  ///
  /// - Parameters:
  ///   - policy: The policy of submissions that name none; nil is the grader's default.
  ///   - mode: The mode of submissions that name none; nil is the grader's default.
  ///   - settings: Values of the grader's settings.
  ///   - options: How programs may be run; graders of the same options share sandboxes.
  /// - Throws: ``GraderError`` that lists the known names.
  public static func named(
    _ name: String, policy: String? = nil, mode: String? = nil, settings: JSONObject = [:],
    options: GraderOptions = GraderOptions()
  ) throws(GraderError) -> any Grader {
    let wanted = aliases.first { $0.alias == name }?.name ?? name
    let all = all(options: options)
    guard var grader = all.first(where: { $0.name == wanted }) else {
      let names = all.map(\.name).joined(separator: ", ")
      throw GraderError("no grader '\(name)'; known are: \(names)")
    }
    if let policy {
      guard let chosen = grader.with(policy: policy) else {
        throw unknown("policy", "policies", policy, of: grader, known: grader.policies)
      }
      grader = chosen
    }
    if let mode {
      guard let chosen = grader.with(mode: mode) else {
        throw unknown("mode", "modes", mode, of: grader, known: grader.modes)
      }
      grader = chosen
    }
    return settings.isEmpty ? grader : try grader.with(settings: settings)
  }

  private static func unknown(
    _ what: String, _ plural: String, _ name: String, of grader: any Grader, known: [String]
  ) -> GraderError {
    GraderError(
      known.isEmpty
        ? "the grader '\(grader.name)' has no \(plural), '\(name)' was asked for"
        : "no \(what) '\(name)' of the grader '\(grader.name)'; known are: "
          + known.joined(separator: ", "))
  }
}
