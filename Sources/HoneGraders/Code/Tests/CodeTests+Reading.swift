import HoneJSON

extension CodeTests {
  /// Reads tests of a kind; see ``CodeTask/init(fields:)``.
  init(_ field: RowField, kind: Kind, hasChecker: Bool) throws(GraderError) {
    switch kind {
    case .stdio: content = try Self.stdio(field, hasChecker: hasChecker)
    case .function: content = try Self.function(field)
    case .script: content = try Self.script(field)
    case .humaneval: content = try Self.humaneval(field)
    }
  }

  private static func stdio(
    _ field: RowField, hasChecker: Bool
  ) throws(GraderError) -> Content {
    let tests = try field.members(known: ["kind", "cases"])
    var exchanges: [Exchange] = []
    for test in try tests.required("cases").elements(upTo: CodeTask.Bounds.cases, "cases") {
      let members = try test.members(known: ["input", "output", "weight"])
      // A checker may need no answer of the jury's.
      let output = hasChecker ? members.optional("output") : try members.required("output")
      exchanges.append(
        Exchange(
          input: Array(try members.required("input").string().utf8),
          output: Array(try output?.string().utf8 ?? "".utf8)))
    }
    return .stdio(exchanges)
  }

  private static func function(_ field: RowField) throws(GraderError) -> Content {
    let tests = try field.members(known: ["kind", "name", "cases"])
    let name = try functionName(tests.required("name"), mayBeMethod: true)
    var calls: [Call] = []
    for test in try tests.required("cases").elements(upTo: CodeTask.Bounds.cases, "cases") {
      let members = try test.members(known: ["args", "kwargs", "expected", "weight"])
      let arguments = try members.required("args")
      guard let values = arguments.value.array else {
        throw arguments.unexpected("an array of arguments")
      }
      var named: JSONObject = [:]
      if let field = members.optional("kwargs") {
        guard let object = field.value.object else {
          throw field.unexpected("an object of arguments by name")
        }
        named = object
      }
      calls.append(
        Call(
          arguments: values, named: named, expected: try members.present("expected").value))
    }
    return .function(name: name, calls: calls)
  }

  private static func script(_ field: RowField) throws(GraderError) -> Content {
    let tests = try field.members(known: ["kind", "setup", "asserts"])
    var assertions: [String] = []
    for test in try tests.required("asserts").elements(upTo: CodeTask.Bounds.cases, "assertions") {
      assertions.append(try test.nonBlank("an assertion"))
    }
    return .script(setup: try tests.optional("setup")?.string() ?? "", assertions: assertions)
  }

  private static func humaneval(_ field: RowField) throws(GraderError) -> Content {
    let tests = try field.members(known: ["kind", "prompt", "entry_point", "test"])
    let prompt = try tests.required("prompt").string()
    let name = try functionName(tests.required("entry_point"), mayBeMethod: false)
    let test = try tests.required("test").nonBlank("a text that defines check(candidate)")
    guard Continuation.definition(of: name, in: Array(prompt.utf8)) != nil else {
      throw GraderError(
        "tests.prompt has no line that begins with 'def \(name)', wanted a prompt that begins "
          + "the function tests.entry_point")
    }
    guard Continuation.definition(of: "check", in: Array(test.utf8)) != nil else {
      throw GraderError("tests.test has no line that begins with 'def check'")
    }
    return .humaneval(prompt: prompt, entryPoint: name, test: test)
  }

  /// An identifier of Python, or a method `Class.name`.
  private static func functionName(
    _ field: RowField, mayBeMethod: Bool
  ) throws(GraderError) -> String {
    let wanted =
      "a function's name" + (mayBeMethod ? ", or Class.method" : "") + ", of at most 200 letters"
    guard let name = field.value.string, name.utf8.count <= 200 else {
      throw field.unexpected(wanted)
    }
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= (mayBeMethod ? 2 : 1), parts.allSatisfy(isIdentifier) else {
      throw field.unexpected(wanted)
    }
    return name
  }

  private static func isIdentifier(_ text: Substring) -> Bool {
    guard let first = text.unicodeScalars.first, first == "_" || first.properties.isXIDStart else {
      return false
    }
    return text.unicodeScalars.allSatisfy(\.properties.isXIDContinue)
  }
}
