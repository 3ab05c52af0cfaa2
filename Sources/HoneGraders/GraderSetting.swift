public import HoneJSON

/// One of a grader's settings: its name, its values, what it does.
///
/// Recipes give them under a reward's `options`, `hone grade` by `--option name=value`.
public struct GraderSetting: Sendable, Hashable {
  /// The values that a setting may take.
  public enum Kind: Sendable, Hashable {
    /// True or false.
    case flag
    /// A whole number within bounds.
    case integer(ClosedRange<Int>)
    /// A whole number within bounds, or `none`.
    case optionalInteger(ClosedRange<Int>)
    /// A number within bounds.
    case number(ClosedRange<Double>)
    /// One of a few words.
    case choice([String])
    /// A list of such words, none of them twice, at least one.
    case choices([String])
  }

  /// The name, in lower case with underscores.
  public var name: String
  /// The values that it may take.
  public var kind: Kind
  /// Its value where nothing is said, in words.
  public var standard: String
  /// What it does, in a few words.
  public var meaning: String

  /// Makes a setting.
  public init(_ name: String, _ kind: Kind, standard: String, _ meaning: String) {
    self.name = name
    self.kind = kind
    self.standard = standard
    self.meaning = meaning
  }

  /// The values that are wanted, in words.
  public var wanted: String {
    switch kind {
    case .flag: "true or false"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .optionalInteger(let range):
      "a whole number from \(range.lowerBound) to \(range.upperBound), or none"
    case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .choices(let words): "a list of some of \(words.joined(separator: ", "))"
    }
  }

  /// Whether the setting can have a value.
  public func accepts(_ value: JSON) -> Bool {
    switch kind {
    case .flag: value.bool != nil
    case .integer(let range): value.int.map(range.contains) ?? false
    case .optionalInteger(let range):
      value.string == "none" || value.int.map(range.contains) ?? false
    case .number(let range): value.double.map(range.contains) ?? false
    case .choice(let words): value.string.map(words.contains) ?? false
    case .choices(let words): Self.areSome(value.array ?? [], of: words)
    }
  }

  private static func areSome(_ values: [JSON], of words: [String]) -> Bool {
    let names = values.compactMap(\.string)
    return !names.isEmpty && names.count == values.count && Set(names).count == names.count
      && names.allSatisfy(words.contains)
  }

  /// The value that a text stands for, as a command line gives it; nil where there is none.
  ///
  /// A list is written with commas.
  public func value(of text: String) -> JSON? {
    let value: JSON
    switch kind {
    case .flag: value = text == "true" ? .bool(true) : text == "false" ? .bool(false) : .null
    case .integer: value = Int(text).map(JSON.integer) ?? .null
    case .optionalInteger: value = Int(text).map(JSON.integer) ?? .string(text)
    case .number: value = Double(text).map(JSON.number) ?? .null
    case .choice: value = .string(text)
    case .choices: value = .array(text.split(separator: ",").map { .string(String($0)) })
    }
    guard accepts(value) else { return nil }
    return value
  }
}

extension Grader {
  /// Makes sure that the grader has settings of these names, with values that they can have.
  ///
  /// - Throws: ``GraderError`` that names the setting, the value seen and the values wanted.
  public func check(settings values: JSONObject) throws(GraderError) {
    let known = settings
    for (name, value) in values.pairs {
      guard let setting = known.first(where: { $0.name == name }) else {
        let names = known.map(\.name).joined(separator: ", ")
        throw GraderError(
          known.isEmpty
            ? "the grader '\(self.name)' has no options, '\(name)' was given"
            : "no option '\(name)' of the grader '\(self.name)'; known are: \(names)")
      }
      guard setting.accepts(value) else {
        throw GraderError("the option '\(name)' is \(value), wanted \(setting.wanted)")
      }
    }
  }
}
