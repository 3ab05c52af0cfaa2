import Foundation
import HoneFiles
public import HoneJSON

/// A model folder in Hugging Face layout: config, weights in one file or in shards.
public struct ModelFolder: Sendable {
  /// The folder.
  public let path: String

  /// A folder; nothing is read yet.
  public init(path: String) { self.path = path }

  /// Whether the folder holds a model's configuration.
  public var exists: Bool { SystemCalls.exists(file("config.json")) }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { path + "/" + name }

  /// The configuration; stop tokens of `generation_config.json` are added to its own.
  public func configuration() throws(PolicyError) -> PolicyConfiguration {
    guard SystemCalls.exists(path) else {
      throw PolicyError(
        .missingFile, "\(path): \(MissingPath.reason(path, wanted: "model folder"))")
    }
    guard exists else {
      throw PolicyError(
        .missingFile, "\(path): not a model folder (no config.json in it)")
    }
    var configuration = try PolicyConfiguration(
      json: parse("config.json"), source: file("config.json"))
    let name = "generation_config.json"
    guard SystemCalls.exists(file(name)) else { return configuration }
    let generation = try ConfigurationReader(parse(name), source: file(name))
    let more = try generation.tokens(
      "eos_token_id", vocabulary: configuration.vocabularySize)
    for token in more where !configuration.endTokens.contains(token) {
      configuration.endTokens.append(token)
    }
    return configuration
  }

  /// Writes config.json, generation_config.json and model.safetensors.
  ///
  /// - Parameters:
  ///   - endTokens: Token ids that end a completion; nil means the configuration's own.
  ///   - makesFolder: Whether the folder and those above it are made where they are missing.
  public func write(
    _ policy: Policy, endTokens: [Int32]? = nil, makesFolder: Bool = true
  ) throws(PolicyError) {
    guard !makesFolder || SystemCalls.makeFolders(path) == 0 else {
      throw PolicyError(
        .inputOutput, "\(path): \(SystemError.ofWriting())")
    }
    let configuration = policy.configuration
    try write(configuration.json, to: "config.json")
    try write(
      .object(configuration.generationDefaults(endTokens: endTokens ?? configuration.endTokens)),
      to: "generation_config.json")
    try SafetensorsWriter.write(
      policy.layout.tensors.map { tensor in
        .init(name: tensor.name, shape: tensor.shape) {
          policy.parameter(tensor)
        }
      }, to: file("model.safetensors"))
  }

  /// The folder's `hone.json` (prompt template, lineage), if there is one.
  public func metadata() throws(PolicyError) -> JSON? {
    guard SystemCalls.exists(file("hone.json")) else { return nil }
    let json = try parse("hone.json")
    guard json.object != nil else {
      throw PolicyError(
        .badData, "\(file("hone.json")): holds \(json.kindDescription), wanted an object")
    }
    return json
  }

  /// Writes a JSON file of the folder.
  public func write(_ json: JSON, to name: String) throws(PolicyError) {
    try write(json.serialized(pretty: true) + "\n", to: name)
  }

  /// Writes a text file of the folder.
  func write(_ text: String, to name: String) throws(PolicyError) {
    let output = try OutputFile(path: file(name))
    let bytes = Array(text.utf8)
    try bytes.withUnsafeBytesOf { pointer throws(PolicyError) in try output.write(pointer) }
    try output.close()
  }

  /// The JSON value of a file of the folder.
  func parse(_ name: String) throws(PolicyError) -> JSON {
    do {
      return try JSON.parse(contentsOf: file(name), from: .folder)
    } catch {
      throw PolicyError(error)
    }
  }
}

extension Array {
  func withUnsafeBytesOf(
    _ body: (UnsafeRawBufferPointer) throws(PolicyError) -> Void
  ) throws(PolicyError) {
    try withUnsafeBufferPointer { pointer throws(PolicyError) in
      try body(UnsafeRawBufferPointer(pointer))
    }
  }
}
