import Foundation

/// How many processors this process is given: those that its affinity names, bound by the quota of its
/// control groups.
public struct ProcessorAllowance: Sendable, Hashable {
  /// Processors of the machine that are online.
  public let machine: Int
  /// Processors that the process may run on (`taskset`, cpusets).
  public let affinity: Int
  /// Processors' worth of time that its control groups allow; nil for no limit.
  public let quota: Double?

  /// An allowance from its parts.
  package init(machine: Int, affinity: Int, quota: Double?) {
    self.machine = machine
    self.affinity = affinity
    self.quota = quota
  }

  /// What the system says now.
  public static var current: ProcessorAllowance {
    let machine = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    return ProcessorAllowance(
      machine: machine, affinity: affinity(status: status) ?? machine,
      quota: ControlGroups.current.processorQuota)
  }

  /// Workers that can run at the same time: a part of a processor counts as one, and there is at
  /// least one.
  public var workers: Int {
    let quota = quota.map { Int(min(1024, $0.rounded(.up))) } ?? affinity
    return max(1, min(affinity, quota))
  }

  /// Processors that the mask in `/proc/self/status` allows (`Cpus_allowed: 0,000000ff`); nil where
  /// there is none.
  package static func affinity(status: String) -> Int? {
    let name = "Cpus_allowed:"
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) })
    else { return nil }
    let digits = line.dropFirst(name.count).compactMap(\.hexDigitValue)
    let count = digits.reduce(0) { $0 + $1.nonzeroBitCount }
    return count > 0 ? count : nil
  }
}
