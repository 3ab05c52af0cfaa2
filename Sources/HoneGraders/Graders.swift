/// The graders that come with the package, by name.
public enum Graders {
  /// All graders with their usual settings, in the order in which they are listed.
  public static let all: [any Grader] = [
    MathGrader(), FormatGrader(), TagCountGrader(), OverlongGrader(), CountdownGrader(),
    SequenceGrader(),
  ]

  /// Names that other trainers use, and ours for the same rule.
  public static let aliases: [(alias: String, name: String)] = [
    ("accuracy_reward", "math"), ("think_format_reward", "format"),
    ("format_reward", "format"), ("tag_count_reward", "tag-count"),
    ("get_soft_overlong_punishment", "overlong"),
  ]

  /// The grader of a name or alias.
  ///
  /// - Throws: ``GraderError`` that lists the known names.
  public static func named(_ name: String) throws(GraderError) -> any Grader {
    let wanted = aliases.first { $0.alias == name }?.name ?? name
    guard let grader = all.first(where: { $0.name == wanted }) else {
      let names = all.map(\.name).joined(separator: ", ")
      throw GraderError("no grader '\(name)'; known are: \(names)")
    }
    return grader
  }
}
