import HoneJSON

/// MBPP (Austin et al. 2021): a sentence and a few asserts, which are part of the question.
extension TaskRowReader {
  /// The prompt of the paper, without its marks for the beginning and the end of the program.
  static func mbppQuestion(_ text: String, asserts: [String]) -> String {
    "You are an expert Python programmer, and here is your task: \(text) "
      + "Your code should pass these tests:\n\n" + asserts.joined(separator: "\n")
  }

  func mbppAsserts() throws(TaskError) -> [String] {
    try strings(layout.fields["tests"] ?? "test_list", value("tests"), wanted: "asserts")
  }

  /// `test_imports` (the sanitized file), then `test_setup_code` (the whole one).
  func mbppSetup() throws(TaskError) -> String {
    var parts: [String] = []
    if let imports = row["test_imports"], !imports.isNull, imports.array?.isEmpty != true {
      parts = try strings("test_imports", imports, wanted: "imports")
    }
    let setup = try optionalText("test_setup_code")
    if !setup.isEmpty { parts.append(setup) }
    return parts.joined(separator: "\n")
  }

  private func strings(
    _ place: String, _ value: JSON?, wanted: String
  ) throws(TaskError) -> [String] {
    guard let value else { throw TaskError("no field '\(place)'") }
    guard let elements = value.array, !elements.isEmpty else {
      throw TaskError("\(place) is \(value.kindDescription), wanted an array of \(wanted)")
    }
    var texts: [String] = []
    for (index, element) in elements.enumerated() {
      guard let text = element.string else {
        throw TaskError("\(place)[\(index)] is \(element.kindDescription), wanted a string")
      }
      texts.append(text)
    }
    return texts
  }
}
