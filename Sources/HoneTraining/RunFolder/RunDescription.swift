import Foundation
import HoneFiles
import HoneJSON

/// How a run was started, where, from what, and how it went on: `run.json`.
public struct RunDescription: Sendable, Hashable {
  /// The command line.
  public var arguments: [String]
  /// The seed.
  public var seed: Int
  /// Versions of the program and of what it was built with.
  public var versions: JSONObject
  /// What decides the bits of a result: instruction set, BLAS kernel, order of additions; and what
  /// does not, for people.
  public var machine: JSONObject
  /// The strength of the isolation in which programs of the policy are run, 0...3; nil where none
  /// are.
  public var isolation: Int?
  /// Checksums of what the run was made from; nil in descriptions of older versions.
  public var origin: RunOrigin?
  /// Every time that the run went on.
  public var resumes: [Resume] = []

  /// One time that a run went on.
  public struct Resume: Sendable, Hashable {
    /// When, as ISO 8601.
    public var time: String
    /// The command line.
    public var arguments: [String]
    /// The step that it went on from; 0 where it began again.
    public var step: Int
    /// SHA-256 of the program.
    public var executable: String?
    /// Keys of the recipe that were changed on the way.
    public var changes: [RecipeComparison.Difference]
  }

  /// A description.
  public init(
    arguments: [String], seed: Int, versions: JSONObject, machine: JSONObject,
    isolation: Int? = nil
  ) {
    self.arguments = arguments
    self.seed = seed
    self.versions = versions
    self.machine = machine
    self.isolation = isolation
  }

  /// Keys of `machine` and `versions` that differ, and the isolation, for a remark when a run is
  /// resumed elsewhere: bits are promised for one kind of machine.
  public func differences(to other: RunDescription) -> [String] {
    func compare(_ left: JSONObject, _ right: JSONObject) -> [String] {
      let keys = left.keys + right.keys.filter { left[$0] == nil }
      return keys.filter { left[$0] != right[$0] }.map { key in
        let before = left[key]?.serialized() ?? "absent"
        return "\(key): \(before) then, \(right[key]?.serialized() ?? "absent") now"
      }
    }
    func strength(_ description: RunDescription) -> JSONObject {
      JSONObject(description.isolation.map { [("isolation", .integer($0))] } ?? [])
    }
    return compare(versions, other.versions) + compare(machine, other.machine)
      + compare(strength(self), strength(other))
  }
}

// MARK: - JSON

extension RunDescription {
  private static let checksumKey = "sha256"

  /// The description as JSON; a checksum of everything else guards it.
  public var json: JSON {
    var row = JSONObject([
      ("arguments", .array(arguments.map(JSON.string))), ("seed", .integer(seed)),
      ("versions", .object(versions)), ("machine", .object(machine)),
    ])
    if let isolation { row["isolation"] = .integer(isolation) }
    if let origin { row["files"] = origin.json }
    if !resumes.isEmpty { row["resumes"] = .array(resumes.map(\.json)) }
    row[Self.checksumKey] = .string(SHA256.checksum(JSON.object(row).serializedBytes()))
    return .object(row)
  }

  /// Reads a description.
  ///
  /// - Throws: `TrainingError` of kind `badData` where it is damaged.
  public static func read(_ path: String) throws(TrainingError) -> RunDescription {
    let json: JSON
    do {
      json = try JSON.parse(try Files.read(path), file: path)
    } catch let error as TrainingError {
      throw error
    } catch {
      throw TrainingError(.badData, "\(error)")
    }
    guard let seed = json["seed"]?.int, let versions = json["versions"]?.object,
      let machine = json["machine"]?.object, let arguments = json["arguments"]?.array
    else {
      throw TrainingError(
        .badData, "\(path): wanted: arguments, seed, versions and machine; it is damaged")
    }
    // Those of older versions have no checksum, and no files.
    if let stored = json[checksumKey]?.string ?? json["files"].map({ _ in "" }) {
      var rest = json.object ?? JSONObject()
      rest[checksumKey] = nil
      guard SHA256.checksum(JSON.object(rest).serializedBytes()) == stored else {
        throw TrainingError(
          .badData, "\(path): changed since it was written: its own checksum does not fit")
      }
    }
    var description = RunDescription(
      arguments: arguments.compactMap(\.string), seed: seed, versions: versions, machine: machine,
      isolation: json["isolation"]?.int)
    description.origin = json["files"].map(RunOrigin.init(json:))
    description.resumes = json["resumes"]?.array?.map(Resume.init(json:)) ?? []
    return description
  }
}

extension RunDescription.Resume {
  /// A resume that happens now.
  init(
    arguments: [String], step: Int, executable: String?, changes: [RecipeComparison.Difference]
  ) {
    let formatter = ISO8601DateFormatter()
    self.init(
      time: formatter.string(from: Date()), arguments: arguments, step: step,
      executable: executable, changes: changes)
  }

  var json: JSON {
    var row = JSONObject([
      ("time", .string(time)), ("arguments", .array(arguments.map(JSON.string))),
      ("step", .integer(step)),
    ])
    if let executable { row["executable"] = .string(executable) }
    if !changes.isEmpty {
      row["changes"] = .array(
        changes.map { change in
          .object(
            JSONObject([
              ("key", .string(change.path)), ("old", change.before.map(JSON.string) ?? .null),
              ("new", change.now.map(JSON.string) ?? .null),
            ]))
        })
    }
    return .object(row)
  }

  init(json: JSON) {
    time = json["time"]?.string ?? ""
    arguments = json["arguments"]?.array?.compactMap(\.string) ?? []
    step = json["step"]?.int ?? 0
    executable = json["executable"]?.string
    changes = (json["changes"]?.array ?? []).compactMap { change in
      change["key"]?.string.map { key in
        RecipeComparison.Difference(
          path: key, before: change["old"]?.string, now: change["new"]?.string, isAllowed: true)
      }
    }
  }
}
