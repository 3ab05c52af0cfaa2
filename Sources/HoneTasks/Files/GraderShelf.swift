import HoneGraders

/// Graders by name, each made once.
struct GraderShelf {
  private let options: GraderOptions
  private let prepares: Bool
  private var graders: [String: Result<any Grader, GraderError>] = [:]

  /// A shelf.
  ///
  /// - Parameters:
  ///   - options: How programs may be run.
  ///   - prepares: Whether graders are made ready to work, which a sandbox needs time for.
  init(options: GraderOptions = GraderOptions(), prepares: Bool) {
    self.options = options
    self.prepares = prepares
  }

  /// The grader of a name.
  mutating func grader(_ name: String) -> Result<any Grader, GraderError> {
    if let known = graders[name] { return known }
    let options = options
    let prepares = prepares
    let made = Result<any Grader, GraderError> { () throws(GraderError) in
      let grader = try Graders.named(name, options: options)
      if prepares { try grader.prepare() }
      return grader
    }
    graders[name] = made
    return made
  }
}
