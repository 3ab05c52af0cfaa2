import Foundation
import HoneFiles
import HoneJSON
import HonePolicy
import HoneTraining

/// Runs with one fault each, and what is wrong with how they ended.
final class FaultSeries: Sendable {
  /// A fault at a call.
  struct Case: Sendable, CustomStringConvertible {
    var place: CallKey
    var fault: Fault
    var description: String { "\(place): \(fault)" }
  }

  /// How a run with a fault went.
  struct Finding: Sendable, CustomStringConvertible {
    var fault: Case
    var what: String
    var description: String { "\(fault): \(what)" }
  }

  /// What a run that goes on finds; nil where it is a start.
  private let template: String?
  private let scratch: String
  /// What every run must come to.
  private let end: FaultyRun.End
  /// The calls of a run without a fault.
  let calls: [CallKey]

  /// Makes the run once without a fault.
  ///
  /// - Parameters:
  ///   - template: the folder that every run begins with; nil begins with nothing.
  ///   - end: what every run must come to; nil is what the one without a fault comes to.
  init(scratch: String, template: String? = nil, end: FaultyRun.End? = nil) throws {
    self.scratch = scratch
    self.template = template
    let place = try Self.place(scratch, template)
    defer { try? FileManager.default.removeItem(atPath: place) }
    let plan = FaultPlan(folder: place)
    try Self.under(plan, place) { try FaultyRun.go(at: "\(place)/run") }
    calls = plan.calls
    let own = try FaultyRun.end(of: "\(place)/run")
    self.end = end ?? own
    if let end {
      let differences = own.differences(from: end)
      guard differences.isEmpty else {
        throw TrainingError(.internalFault, "without a fault: \(differences)")
      }
    }
  }

  /// What the run without a fault has come to.
  var whole: FaultyRun.End { end }

  private static func place(_ scratch: String, _ template: String?) throws -> String {
    let place = "\(scratch)/\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    if let template {
      try FileManager.default.copyItem(atPath: template, toPath: "\(place)/run")
    }
    return place
  }

  private static func under(_ plan: FaultPlan, _ folder: String, _ body: () throws -> Void) rethrows
  {
    SystemCalls.setFaults(plan, below: folder)
    defer { SystemCalls.setFaults(nil, below: folder) }
    try body()
  }

  // MARK: - Cases

  /// Every fault at every call that it can happen to.
  func cases(seeds: [UInt64]) -> [Case] {
    calls.filter { $0.name != .close && $0.name != .lock }.flatMap { call in
      faults(at: call, seeds: seeds).map { Case(place: call, fault: $0) }
    }
  }

  private func faults(at call: CallKey, seeds: [UInt64]) -> [Fault] {
    switch call.name {
    case .read, .readLink, .status, .list, .space: [.once(EIO)]
    case .open: [.once(EIO), .once(EACCES), .once(ENOSPC), .kill] + seeds.map(Fault.powerLoss)
    default:
      [.once(EIO), .once(ENOSPC), .fromThere(ENOSPC), .fromThere(EACCES), .kill]
        + seeds.map(Fault.powerLoss)
    }
  }

  /// Makes the run with a fault, goes on until it is finished, and looks at what it has come to.
  ///
  /// - Returns: nil where all is well, or where the call never came.
  func check(_ fault: Case) throws -> Finding? {
    var place = try Self.place(scratch, template)
    defer { try? FileManager.default.removeItem(atPath: place) }
    let plan = FaultPlan(folder: place, place: fault.place, fault: fault.fault)
    var failure: (any Error)?
    let ear = FaultyRun.Ear()
    do {
      try Self.under(plan, place) { try FaultyRun.go(at: "\(place)/run", ear: ear) }
    } catch {
      failure = error
    }
    guard plan.isReached else { return nil }
    switch fault.fault {
    case .once, .fromThere:
      if let failure, let what = Self.defect(of: failure, place, fault) {
        return Finding(fault: fault, what: what)
      }
    case .kill:
      if failure == nil, fault.place.name != .unlink, fault.place.name != .removeFolder {
        return Finding(fault: fault, what: "the run ended well although nothing could be written")
      }
    case .powerLoss(let seed):
      let other = "\(scratch)/\(UUID().uuidString)"
      try plan.writeDisk(to: other, seed: seed)
      try FileManager.default.removeItem(atPath: place)
      place = other
    }
    do {
      // What was announced is on the disk, whatever happened since.
      let newest = ear.saved > 0 ? try FaultyRun.newestWhole("\(place)/run") : 0
      guard newest >= ear.saved else {
        return Finding(
          fault: fault, what: "checkpoint \(ear.saved) was announced, \(newest) is the newest whole"
        )
      }
      try FaultyRun.go(at: "\(place)/run")
      let differences = try FaultyRun.end(of: "\(place)/run").differences(from: end)
      guard differences.isEmpty else {
        return Finding(fault: fault, what: differences.joined(separator: "; "))
      }
      let damage = try FaultyRun.damage(in: "\(place)/run")
      return damage.isEmpty ? nil : Finding(fault: fault, what: "damaged: \(damage)")
    } catch {
      return Finding(fault: fault, what: "cannot go on: \(error)")
    }
  }

  /// What is wrong with an error: it is not of the system's, or does not say which file.
  private static func defect(of error: any Error, _ folder: String, _ fault: Case) -> String? {
    let isSystem: Bool =
      switch error {
      case let error as TrainingError: error.kind == .inputOutput
      case let error as PolicyError: error.kind == .inputOutput
      case let error as JSONError: error.line == 0
      default: false
      }
    guard isSystem else { return "not an error of the system's: \(error)" }
    guard "\(error)".contains(folder) else { return "names no file: \(error)" }
    return nil
  }
}
