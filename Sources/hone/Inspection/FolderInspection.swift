import Foundation
import HoneJSON
import HonePolicy
import HoneTraining

/// What a folder is: a run, a checkpoint, a model.
struct FolderInspection {
  /// The kinds of folders.
  enum Kind: String {
    case run
    case checkpoint
    case model
  }

  /// What the folder is.
  let kind: Kind
  /// The facts for people.
  private(set) var lines: [(String, String)] = []
  /// The facts for machines.
  private var facts = JSONObject()
  /// What is damaged, each with its file.
  private(set) var damage: [String] = []

  /// Looks at a folder, reads what it holds and checks it.
  ///
  /// A run that is at work adds rows, and takes away checkpoints that it needs no longer. So what is
  /// found damaged is looked at again: damage is what was there every time, in the same file.
  /// - Throws: where there is nothing that is known; damage is gathered, not thrown.
  static func look(at path: String) throws -> FolderInspection {
    let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    var inspection = try FolderInspection(path: path, at: resolved(path))
    for _ in 0..<2 where inspection.kind != .model && !inspection.damage.isEmpty {
      let before = Set(inspection.damage.map(file))
      usleep(200_000)
      inspection = try FolderInspection(path: path, at: resolved(path))
      inspection.damage.removeAll { !before.contains(file($0)) }
    }
    let damage = inspection.damage
    let whole = damage.isEmpty ? "whole" : "damaged: \(damage.joined(separator: "; "))"
    inspection.lines.append(("integrity", whole))
    inspection.facts["damage"] = .array(damage.map(JSON.string))
    return inspection
  }

  /// The folder that a run's `latest` or `best` stands for now: it must not change while it is read.
  private static func resolved(_ path: String) -> String {
    guard let target = Files.linkTarget(path), Checkpoint.isFolderName(target) else { return path }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    return folder + target
  }

  /// The file that damage is about: what stands before the first colon and space.
  private static func file(_ damage: String) -> String {
    damage.range(of: ": ").map { String(damage[..<$0.lowerBound]) } ?? damage
  }

  /// Looks once.
  ///
  /// - Parameter given: the folder's name, for people; it may be a link to `path`.
  private init(path given: String, at path: String) throws {
    guard Files.exists(path) else {
      throw CommandError(.missingFile, "\(path): \(MissingPath.reason(path, wanted: "folder"))")
    }
    guard Files.isFolder(path) else {
      throw CommandError(
        .badData, "\(path): a file; wanted a folder that holds a model, a checkpoint or a run")
    }
    if try RunFolder.holdsRun(path) {
      kind = .run
    } else if ["trainer_state.json", "manifest.json"].contains(where: {
      Files.exists("\(path)/\($0)")
    }) {
      kind = .checkpoint
    } else if ["config.json", "model.safetensors"].contains(where: { Files.exists("\(path)/\($0)") }
    ) {
      kind = .model
    } else {
      throw CommandError(
        .badData,
        "\(path): neither a model (no config.json), nor a checkpoint (no manifest.json), nor a run "
          + "(no recipe.yaml)")
    }
    add("folder", given, .string(given))
    add("kind", kind.rawValue, .string(kind.rawValue))
    switch kind {
    case .run: inspectRun(path)
    case .checkpoint:
      inspectState(path)
      inspectModel(path)
      inspectManifest(path)
    case .model: inspectModel(path)
    }
  }

  /// The facts for machines.
  var json: JSON { .object(facts) }

  private mutating func add(_ name: String, _ text: String, _ value: JSON) {
    lines.append((name, text))
    facts[name.replacingOccurrences(of: " ", with: "_")] = value
  }

  // MARK: - Models

  private mutating func inspectModel(_ path: String) {
    do {
      let model = try ModelInspection(path: path)
      for (name, text, value) in model.facts { add(name, text, value) }
      damage += model.damage
    } catch {
      damage.append(ErrorReport(error).message ?? "\(error)")
    }
  }

  // MARK: - Checkpoints

  private mutating func inspectState(_ path: String) {
    do {
      let state = try TrainerState.read("\(path)/\(TrainerState.fileName)")
      var text = "\(state.step) of its run, stage \(state.stage), \(state.tokens) tokens"
      if let best = state.best {
        text += "; best \(best.name.rawValue) \(best.metric) after step \(best.step)"
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let beside = "\(path)/../checkpoint-\(best.step)"
        if Checkpoint.step(ofFolder: name) != nil, !Files.isFolder(beside) {
          text += ", whose checkpoint is not there any more"
        }
      }
      add("step", text, .integer(state.step))
    } catch {
      damage.append(error.message)
    }
  }

  private mutating func inspectManifest(_ path: String) {
    do {
      let others = try Checkpoint.verify(folder: path)
      let remark = others.isEmpty ? "" : "; not listed: \(others.joined(separator: ", "))"
      add("checksums", "all files as the manifest says" + remark, true)
    } catch {
      add("checksums", "do not fit", false)
      damage.append(error.message)
    }
  }

  // MARK: - Runs

  private mutating func inspectRun(_ path: String) {
    do {
      let run = try RunInspection(path: path)
      for (name, text, value) in run.facts { add(name, text, value) }
      damage += run.damage
    } catch {
      damage.append(ErrorReport(error).message ?? "\(error)")
    }
  }
}
