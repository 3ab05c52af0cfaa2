import HoneJSON

// Local stand-in until wt-driver is merged; must not survive.
indirect enum TypedValue: Hashable, Sendable {
  case json(JSON)
  init(json: JSON) { self = .json(json) }
  func encoded() -> [UInt8] {
    guard case .json(let j) = self else { return [] }
    return j.serializedBytes()
  }
}
enum PythonJob {
  case stdio(source: String, arguments: [String])
  case call(source: String, name: String, arguments: [TypedValue], keywords: [(String, TypedValue)], limit: Int)
  case serve(source: String, limit: Int)
  case judgeHumanEval(prompt: String, test: String, entryPoint: String, limit: Int)
  case judgeScript(setup: String, assertion: String, limit: Int)
  func encoded() -> [UInt8] { Array("\(self)".utf8) }
}
struct ResultRecords {
  enum Record {
    case value(TypedValue)
    case uncrossable(type: String, isTrick: Bool, reason: String)
    case exception(stage: String, type: String, message: String, lastLine: String)
    case missing(String)
    case attempt(String)
    case compileError(String)
    case passed
    case failed(type: String, message: String, lastLine: String)
    case linkEnded
    case broken(type: String, message: String, lastLine: String)
  }
  var records: [Record]
  init(parsing bytes: [UInt8]) throws { records = [] }
}
struct ValueComparison {
  var tolerance: Double?
  func difference(_ value: TypedValue, wanted: TypedValue) -> String? {
    value == wanted ? nil : "different"
  }
}
