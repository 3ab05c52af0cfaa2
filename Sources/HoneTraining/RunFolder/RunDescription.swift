import HoneJSON

/// How a run was started and where: `run.json`.
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

  /// The description as JSON.
  public var json: JSON {
    var row = JSONObject([
      ("arguments", .array(arguments.map(JSON.string))), ("seed", .integer(seed)),
      ("versions", .object(versions)), ("machine", .object(machine)),
    ])
    if let isolation { row["isolation"] = .integer(isolation) }
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
    return RunDescription(
      arguments: arguments.compactMap(\.string), seed: seed, versions: versions, machine: machine,
      isolation: json["isolation"]?.int)
  }
}
