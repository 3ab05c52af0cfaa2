/// What a program under test reported, taken for claims: nothing here says that it passed.
///
/// The program shares its process with the runner that writes these records, and can write what
/// it likes. A stream that the runner cannot have written is a forgery, and counts as an attempt;
/// one that it can have written gets a program nowhere unless the value in it is the right one.
struct ProgramClaims {
  /// Attempts that the runner saw, and those that show in the stream itself.
  private(set) var attempts: Set<Attempt> = []
  /// Whether the runner cannot have written this.
  private(set) var isForged = false
  /// The one record that settles the case, if there is exactly one.
  private var result: ResultRecord?

  /// Reads the results of a program.
  init(_ results: [UInt8]) {
    let read = ResultRecords(results)
    if read.problem != nil { forge() }
    for record in read.records {
      switch record {
      case .attempt(let kind): attempts.insert(Attempt(kind))
      case .value, .raised, .uncrossable, .missing, .compileError:
        if result != nil { forge() }
        result = record
      case .passed, .failed, .lost, .broken, .compiles:
        // Only the judge, a process without the program, says such things.
        forge()
      }
    }
    if case .uncrossable(let value) = result, value.isTrick { attempts.insert(.equalityTrick) }
  }

  private mutating func forge() {
    isForged = true
    attempts.insert(.forgedResult)
  }

  /// The value that a call returned, if that is what was reported.
  var value: TypedValue? {
    if case .value(let value) = result { value } else { nil }
  }

  /// The outcome of a program whose stream is forged.
  func forgery(seconds: Double) -> CaseOutcome? {
    guard isForged else { return nil }
    return CaseOutcome(
      .forbidden, seconds: seconds, reason: "wrote into the channel of results")
  }

  /// The outcome of a report that is anything but a value, or nil.
  func problem(_ ending: EndingJudge, _ run: SandboxOutcome) -> CaseOutcome? {
    switch result {
    case .raised(_, let failure): ending.raised(failure.lastLine, run)
    case .uncrossable(let value): .uncrossable(value, seconds: run.cpuSeconds)
    case .missing(let name): .missing(name, seconds: run.cpuSeconds)
    case .compileError(let text):
      CaseOutcome(.compileError, seconds: run.cpuSeconds, reason: Excerpt.shown(text.utf8))
    default: nil
    }
  }
}

extension CaseOutcome {
  /// A value that cannot leave the program, or is too large or too deep to.
  static func uncrossable(_ value: ResultRecord.Uncrossable, seconds: Double) -> CaseOutcome {
    let why =
      switch value.reason {
      case .depth: "the value is nested too deeply"
      case .size: "the value is larger than the output limit"
      case .type:
        "a value of type \(Excerpt.shown(value.type.utf8, limit: 60)) is no plain value"
      }
    return CaseOutcome(.wrongAnswer, seconds: seconds, reason: why)
  }

  /// A program that lacks what it is asked for.
  static func missing(_ name: String, seconds: Double) -> CaseOutcome {
    CaseOutcome(
      .runtimeError, seconds: seconds,
      reason: "the program defines no \(Excerpt.shown(name.utf8, limit: 60))")
  }
}
