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
    var isFolder = ObjCBool(false)
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw TextError(
        file: path,
        MissingPath.reason(path, wanted: "tokenizer.json, or folder that holds one"))
    }
    let url = URL(fileURLWithPath: path)
    let folder = isFolder.boolValue ? url : url.deletingLastPathComponent()
    let file = isFolder.boolValue ? url.appendingPathComponent("tokenizer.json") : url
    let configuration = folder.appendingPathComponent("tokenizer_config.json").path
    do {
      let json = try JSON.parse(contentsOf: file.path)
      var fields = JSONObject()
      if FileManager.default.fileExists(atPath: configuration) {
        let value = try JSON.parse(contentsOf: configuration)
        guard let object = value.object else {
          throw TextError(
            file: configuration, "holds \(value.kindDescription); wanted an object")
        }
        fields = object
      }
      try self.init(json: json, configuration: fields, file: file.path)
    } catch let error as JSONError {
      throw TextError(String(describing: error))
    } catch let error as TextError {
      throw error
    } catch {
      throw TextError(file: path, String(describing: error))
    }
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
  public func write(to folder: String) throws(TextError) {
    let files: [(String, JSON)] = [
      ("tokenizer.json", json), ("tokenizer_config.json", .object(completeConfiguration)),
    ]
    func check(_ result: Int32, _ path: String) throws(TextError) {
      guard result != 0 else { return }
      throw TextError(file: path, "cannot be written: \(String(cString: strerror(errno)))")
    }
    try check(SystemCalls.makeFolders(folder), folder)
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
