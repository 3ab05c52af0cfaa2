import Foundation
import HoneFiles
import HoneJSON

extension Tokenizer {
  /// Reads a tokenizer from `tokenizer.json`, or from the model folder that holds it.
  ///
  /// `tokenizer_config.json` beside it is read as well, if there is one.
  ///
  /// - Throws: what is missing or wrong, or which part of the file is not supported: anything that
  ///   would change ids and is not known is refused.
  public init(contentsOf path: String) throws(TextError) {
    guard SystemCalls.exists(path) else {
      throw TextError(
        file: path, MissingPath.reason(path, wanted: "tokenizer.json, or folder that holds one"),
        kind: .missingFile)
    }
    let isFolder = SystemCalls.isFolder(path)
    let folder = isFolder ? path : Self.folder(of: path)
    let file = isFolder ? path + "/tokenizer.json" : path
    let configuration = folder + "/" + Self.configurationFile
    let parsed: (json: JSON, fields: JSON)
    do throws(JSONError) {
      let json = try JSON.parse(contentsOf: file, from: isFolder ? .folder : .person)
      let fields =
        SystemCalls.exists(configuration)
        ? try JSON.parse(contentsOf: configuration, from: .folder) : .object(JSONObject())
      parsed = (json, fields)
    } catch {
      throw TextError(error)
    }
    guard let fields = parsed.fields.object else {
      throw TextError(
        file: configuration, "holds \(parsed.fields.kindDescription); wanted an object")
    }
    try self.init(json: parsed.json, configuration: fields, file: file)
  }

  /// The names of a tokenizer's files.
  package static let fileNames: [String] = ["tokenizer.json", configurationFile]
  private static let configurationFile = "tokenizer_config.json"

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes a tokenizer from the contents of `tokenizer.json`.
  /// - Parameters:
  ///   - json: the contents.
  ///   - configuration: the contents of `tokenizer_config.json`.
  ///   - file: the file named in errors.
  public init(
    json: JSON, configuration: JSONObject = JSONObject(), file: String = "tokenizer.json"
  ) throws(TextError) {
    let definition = try TokenizerReader(json, file: file).definition()
    self.init(definition: definition, configuration: configuration)
  }

  /// The contents of `tokenizer.json`.
  public var json: JSON { definition.json }

  /// Writes `tokenizer.json` and `tokenizer_config.json` into a folder, made if need be.
  ///
  /// The `tokenizers` and `transformers` libraries read them as they are. The same tokenizer gives
  /// the same bytes.
  public func write(to folder: String, makesFolder: Bool = true) throws(TextError) {
    let files: [(String, JSON)] = [
      ("tokenizer.json", json), ("tokenizer_config.json", .object(completeConfiguration)),
    ]
    func check(_ result: Int32, _ path: String) throws(TextError) {
      guard result != 0 else { return }
      throw TextError(file: path, SystemError.ofWriting(), kind: .inputOutput)
    }
    if makesFolder { try check(SystemCalls.makeFolders(folder), folder) }
    for (name, value) in files {
      let path = folder + "/" + name
      try check(
        SystemCalls.writeFile(path, value.serializedBytes(pretty: true) + [0x0A]), path)
    }
  }

  // `transformers` needs a class to load the file with.
  private var completeConfiguration: JSONObject {
    var result = configuration
    if result["tokenizer_class"] == nil { result["tokenizer_class"] = "PreTrainedTokenizerFast" }
    if result["clean_up_tokenization_spaces"] == nil {
      result["clean_up_tokenization_spaces"] = false
    }
    return result
  }
}
