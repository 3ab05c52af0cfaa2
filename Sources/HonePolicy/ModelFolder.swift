import Foundation
import HoneFiles
public import HoneJSON
public import HoneNumerics

/// A model folder in Hugging Face layout: config, weights in one file or in shards.
public struct ModelFolder: Sendable {
  /// The folder.
  public let path: String

  /// A folder; nothing is read yet.
  public init(path: String) { self.path = path }

  /// Whether the folder holds a model's configuration.
  public var exists: Bool { FileManager.default.fileExists(atPath: file("config.json")) }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { path + "/" + name }

  /// The configuration; stop tokens of `generation_config.json` are added to its own.
  public func configuration() throws(PolicyError) -> PolicyConfiguration {
    guard FileManager.default.fileExists(atPath: path) else {
      throw PolicyError(
        .missingFile, "\(path): \(MissingPath.reason(path, wanted: "model folder"))")
    }
    guard exists else {
      throw PolicyError(
        .missingFile, "\(path): not a model folder (no config.json in it)")
    }
    var configuration = try PolicyConfiguration(
      json: parse("config.json"), source: file("config.json"))
    if FileManager.default.fileExists(atPath: file("generation_config.json")) {
      let generation = try parse("generation_config.json")["eos_token_id"]
      let more = generation?.int.map { [$0] } ?? generation?.array?.compactMap(\.int) ?? []
      for token in more.map({ Int32($0) }) where !configuration.endTokens.contains(token) {
        configuration.endTokens.append(token)
      }
    }
    return configuration
  }

  /// The policy with its weights; every tensor is checked for its shape and for NaN and infinity.
  public func policy(compute: Compute) throws(PolicyError) -> Policy {
    let configuration = try configuration()
    let policy = Policy(configuration: configuration, compute: compute)
    let files = try weightFiles()
    var unread = Set(files.names)
    for tensor in policy.layout.tensors {
      guard let reader = files.reader(of: tensor.name), let entry = reader.entries[tensor.name]
      else {
        throw PolicyError(
          .badData, "\(path): no tensor '\(tensor.name)' in \(files.description)")
      }
      guard entry.shape == tensor.shape else {
        throw PolicyError(
          .badData,
          "\(reader.path): tensor '\(tensor.name)' has shape \(entry.shape), config.json wants \(tensor.shape)"
        )
      }
      let values = try reader.floats(tensor.name)
      if let index = values.firstIndex(where: { !$0.isFinite }) {
        throw PolicyError(
          .badData,
          "\(reader.path): tensor '\(tensor.name)' holds \(values[index]) at index \(index). These weights cannot be used; take an earlier checkpoint"
        )
      }
      policy.setParameter(values, tensor)
      unread.remove(tensor.name)
    }
    if configuration.tiedHead { unread.remove("lm_head.weight") }
    if let name = unread.filter({ !$0.hasSuffix("rotary_emb.inv_freq") }).min() {
      throw PolicyError(
        .badData,
        "\(path): tensor '\(name)' is not part of a \(configuration.architecture.rawValue) policy with this config.json"
      )
    }
    return policy
  }

  /// Writes config.json, generation_config.json and model.safetensors.
  ///
  /// - Parameter endTokens: Token ids that end a completion; nil means the configuration's own.
  public func write(_ policy: Policy, endTokens: [Int32]? = nil) throws(PolicyError) {
    guard SystemCalls.makeFolders(path) == 0 else {
      throw PolicyError(
        .inputOutput, "\(path): cannot be made: \(String(cString: strerror(errno)))")
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
    guard FileManager.default.fileExists(atPath: file("hone.json")) else { return nil }
    return try parse("hone.json")
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

  private func parse(_ name: String) throws(PolicyError) -> JSON {
    do {
      return try JSON.parse(contentsOf: file(name))
    } catch {
      throw PolicyError(.badData, "\(error)")
    }
  }
}

/// The weight files of a folder.
private struct WeightFiles {
  var readers: [SafetensorsReader]
  var description: String
  var names: [String] { readers.flatMap(\.names) }

  func reader(of name: String) -> SafetensorsReader? {
    readers.first { $0.entries[name] != nil }
  }
}

extension ModelFolder {
  private func weightFiles() throws(PolicyError) -> WeightFiles {
    let index = "model.safetensors.index.json"
    if FileManager.default.fileExists(atPath: file("model.safetensors")) {
      return WeightFiles(
        readers: [try SafetensorsReader(path: file("model.safetensors"))],
        description: "model.safetensors")
    }
    guard FileManager.default.fileExists(atPath: file(index)) else {
      throw PolicyError(
        .missingFile, "\(path): neither model.safetensors nor \(index) is there")
    }
    let map = try parse(index)["weight_map"]?.object
    guard let map else {
      throw PolicyError(.badData, "\(file(index)): no 'weight_map' object")
    }
    let shards = Set(map.pairs.compactMap { $0.value.string }).sorted()
    var readers: [SafetensorsReader] = []
    for shard in shards {
      guard FileManager.default.fileExists(atPath: file(shard)) else {
        let count = map.pairs.filter { $0.value.string == shard }.count
        throw PolicyError(
          .missingFile,
          "\(file(shard)): shard is missing; \(index) keeps \(count) tensors in it. Fetch it again")
      }
      readers.append(try SafetensorsReader(path: file(shard)))
    }
    return WeightFiles(readers: readers, description: "\(shards.count) shards")
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
