import Foundation

/// How much more memory this process may take, and what says so.
public struct MemoryAllowance: Sendable, Hashable {
  /// What bounds it.
  public enum Bound: Sendable, Hashable {
    /// What the machine has to spare (`MemAvailable`).
    case machine
    /// The limit of a control group, by its folder.
    case controlGroup(String)
    /// The limit on the process's address space (`ulimit -v`), which untouched pages count towards.
    case addressSpace
    /// The limit on the process's data (`ulimit -d`), which untouched pages count towards.
    case data

    /// The bound, for people.
    public var name: String {
      switch self {
      case .machine: "what the machine has to spare"
      case .controlGroup(let folder): "the limit of the control group \(folder)"
      case .addressSpace: "the limit on address space, ulimit -v"
      case .data: "the limit on data, ulimit -d"
      }
    }
  }

  /// Bytes.
  public let bytes: Int
  /// What bounds them.
  public let bound: Bound

  /// An allowance from its parts.
  package init(bytes: Int, bound: Bound) {
    self.bytes = bytes
    self.bound = bound
  }

  /// What the system says now: the least of all bounds.
  public static var current: MemoryAllowance {
    least(
      machine: MachineMemory.field("MemAvailable:", of: "/proc/meminfo"), groups: .current,
      addressSpace: left(RLIMIT_AS, "VmSize:"), data: left(RLIMIT_DATA, "VmData:"))
  }

  /// The least of all bounds; nil for one that there is not.
  package static func least(
    machine: Int, groups: ControlGroups, addressSpace: Int?, data: Int?
  ) -> MemoryAllowance {
    var bounds = [MemoryAllowance(bytes: machine, bound: .machine)]
    if let (folder, bytes) = groups.tightestMemory {
      bounds.append(MemoryAllowance(bytes: bytes, bound: .controlGroup(folder)))
    }
    if let addressSpace {
      bounds.append(MemoryAllowance(bytes: addressSpace, bound: .addressSpace))
    }
    if let data { bounds.append(MemoryAllowance(bytes: data, bound: .data)) }
    return bounds.reduce(bounds[0]) { $1.bytes < $0.bytes ? $1 : $0 }
  }

  /// What is left of one of the process's own limits; nil where there is none.
  private static func left(_ resource: __rlimit_resource, _ used: String) -> Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0,
      limit.rlim_cur < rlim_t(Int.max)
    else { return nil }
    return max(0, Int(limit.rlim_cur) - MachineMemory.field(used, of: "/proc/self/status"))
  }
}
