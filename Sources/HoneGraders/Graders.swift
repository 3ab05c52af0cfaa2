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
  ///   - options: How programs may be run; graders of the same options share sandboxes.
  /// - Throws: ``GraderError`` that lists the known names.
  public static func named(
    _ name: String, policy: String? = nil, options: GraderOptions = GraderOptions()
  ) throws(GraderError) -> any Grader {
    let wanted = aliases.first { $0.alias == name }?.name ?? name
    let all = all(options: options)
    guard let grader = all.first(where: { $0.name == wanted }) else {
      let names = all.map(\.name).joined(separator: ", ")
      throw GraderError("no grader '\(name)'; known are: \(names)")
    }
    guard let policy else { return grader }
    guard let chosen = grader.with(policy: policy) else {
      let known = grader.policies.joined(separator: ", ")
      throw GraderError(
        grader.policies.isEmpty
          ? "the grader '\(grader.name)' has no policies, '\(policy)' was asked for"
          : "no policy '\(policy)' of the grader '\(grader.name)'; known are: \(known)")
    }
    return chosen
  }
}
