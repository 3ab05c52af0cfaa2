import Glibc
import HoneFiles
import Synchronization

/// One of the calls on files that a run makes, told from the others whatever else happens beside it.
struct CallKey: Hashable, Sendable, CustomStringConvertible {
  /// Which call.
  var name: FileCall.Name
  /// The path, from the run's folder on.
  var path: String
  /// How many of that name on that path went before it.
  var occurrence: Int

  var description: String { "\(name.rawValue) \(path) #\(occurrence)" }
}

/// What goes wrong at a call.
enum Fault: Hashable, Sendable, CustomStringConvertible {
  /// It fails, once.
  case once(Int32)
  /// It and every later one that changes something fails: a full disk.
  case fromThere(Int32)
  /// The process is killed before it.
  case kill
  /// The power is lost before it; what is on the disk then depends on the seed.
  case powerLoss(seed: UInt64)

  var description: String {
    switch self {
    case .once(let code): "\(String(cString: strerror(code))), once"
    case .fromThere(let code): "\(String(cString: strerror(code))), from there on"
    case .kill: "killed"
    case .powerLoss(let seed): "power lost (seed \(seed))"
    }
  }
}

/// Makes a call fail, and tells the others to a model of the disk.
final class FaultPlan: FileFaults {
  private struct State {
    var counts: [CallKey: Int] = [:]
    var calls: [CallKey] = []
    var isReached = false
    var disk: DiskModel?
  }

  private let folder: String
  private let place: CallKey?
  private let fault: Fault?
  private let state: Mutex<State>

  /// A plan for the calls below a folder; without a fault it only counts them.
  init(folder: String, place: CallKey? = nil, fault: Fault? = nil) {
    self.folder = folder
    self.place = place
    self.fault = fault
    var state = State()
    if case .powerLoss = fault { state.disk = DiskModel(folder: folder) }
    self.state = Mutex(state)
  }

  /// All calls, in their order.
  var calls: [CallKey] { state.withLock { $0.calls } }
  /// Whether the call came.
  var isReached: Bool { state.withLock { $0.isReached } }

  /// Writes what is on the disk after the loss of power to another folder.
  func writeDisk(to other: String, seed: UInt64) throws {
    try state.withLock { try $0.disk?.write(to: other, seed: seed) }
  }

  func fault(_ call: FileCall) -> Int32? {
    state.withLock { state in
      var key = CallKey(name: call.name, path: relative(call.path), occurrence: 0)
      key.occurrence = state.counts[key, default: 0]
      state.counts[CallKey(name: key.name, path: key.path, occurrence: 0), default: 0] += 1
      state.calls.append(key)
      let wasReached = state.isReached
      if key == place { state.isReached = true }
      guard state.isReached else { return nil }
      switch fault {
      case .once(let code): return wasReached ? nil : code
      case .fromThere(let code): return call.isChange || call.name == .synchronize ? code : nil
      // The system closes what a killed process had open, and so gives up its lock.
      case .kill, .powerLoss: return call.name == .close ? nil : EIO
      case nil: return nil
      }
    }
  }

  func happened(_ call: FileCall, result: Int) {
    guard result >= 0 else { return }
    state.withLock { $0.disk?.see(call, result: result) }
  }

  private func relative(_ path: String) -> String {
    path.hasPrefix(folder) ? String(path.dropFirst(folder.count).drop { $0 == "/" }) : path
  }
}
