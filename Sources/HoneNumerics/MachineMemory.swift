import Foundation

/// What the system says of this process's memory.
public enum MachineMemory {
  /// The largest resident size of this process so far, in bytes (`VmHWM`); since
  /// ``forgetPeak()``, if that was asked for.
  public static var peakResidentBytes: Int { status("VmHWM:") }

  /// Begins to look for the largest resident size anew, where the system allows it.
  public static func forgetPeak() {
    guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return }
    try? file.write(contentsOf: Data("5".utf8))
    try? file.close()
  }

  /// The resident size of this process now, in bytes (`VmRSS`).
  public static var residentBytes: Int { status("VmRSS:") }

  /// Whether the system gives large pages to who asks for them.
  public static var hasLargePages: Bool {
    let path = "/sys/kernel/mm/transparent_hugepage/enabled"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return false }
    return !text.contains("[never]")
  }

  /// Memory that this process could use now without swapping, in bytes; see ``MemoryAllowance``.
  public static var availableBytes: Int { MemoryAllowance.current.bytes }

  private static func status(_ name: String) -> Int { field(name, of: "/proc/self/status") }

  static func field(_ name: String, of path: String) -> Int {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return 0 }
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      let digits = line.drop { !$0.isNumber }.prefix { $0.isNumber }
      return (Int(digits) ?? 0) * 1024
    }
    return 0
  }
}
