import Foundation

/// The limits that Linux's control groups put on this process, of version 2 and of version 1.
///
/// A group is bound by its own limits and by those of every group above it.
package struct ControlGroups {
  /// `/proc/self/cgroup`: the groups that the process is in.
  package let membership: String
  /// `/proc/self/mountinfo`: where groups can be seen.
  package let mounts: String
  /// The text of a file, or nil where it cannot be read.
  package let read: (String) -> String?

  package init(membership: String, mounts: String, read: @escaping (String) -> String?) {
    self.membership = membership
    self.mounts = mounts
    self.read = read
  }

  /// This process's own.
  package static var current: ControlGroups {
    let read = { (path: String) in try? String(contentsOfFile: path, encoding: .utf8) }
    return ControlGroups(
      membership: read("/proc/self/cgroup") ?? "", mounts: read("/proc/self/mountinfo") ?? "",
      read: read)
  }

  // MARK: - Limits

  /// Processors' worth of time that the process may use, the least of all limits; nil for no limit.
  package var processorQuota: Double? {
    let unified = folders(nil).compactMap { folder -> Double? in
      let fields = read(folder + "/cpu.max")?.split { $0.isWhitespace } ?? []
      guard fields.count == 2 else { return nil }
      return Self.quota(fields[0], fields[1])
    }
    let older = folders("cpu").compactMap { folder -> Double? in
      guard let quota = read(folder + "/cpu.cfs_quota_us"),
        let period = read(folder + "/cpu.cfs_period_us")
      else { return nil }
      return Self.quota(quota, period)
    }
    return (unified + older).min()
  }

  /// Bytes that the process may still use, the least that any limit leaves; nil for no limit.
  ///
  /// Pages of files that nobody has used lately count as free: the system takes them back.
  package var memoryLeft: Int? { tightestMemory?.bytes }

  /// The group whose limit leaves the least, by its folder, and the bytes that it leaves.
  package var tightestMemory: (folder: String, bytes: Int)? {
    let unified = folders(nil).map {
      ($0, left($0, "memory.max", "memory.current", cache: "inactive_file "))
    }
    let older = folders("memory").map {
      (
        $0,
        left($0, "memory.limit_in_bytes", "memory.usage_in_bytes", cache: "total_inactive_file ")
      )
    }
    let limits = (unified + older).compactMap { folder, left in
      left.map { (folder: folder, bytes: $0) }
    }
    return limits.min { $0.bytes < $1.bytes }
  }

  private func left(_ folder: String, _ limit: String, _ usage: String, cache: String) -> Int? {
    guard let limit = number(folder + "/" + limit), let used = number(folder + "/" + usage)
    else { return nil }
    let statistics = read(folder + "/memory.stat") ?? ""
    let line = statistics.split(separator: "\n").first { $0.hasPrefix(cache) }
    let idle = line.flatMap { Int($0.dropFirst(cache.count)) } ?? 0
    return max(0, limit - max(0, used - idle))
  }

  /// The number that a file holds; nil for "max" and for what is no number.
  private func number(_ path: String) -> Int? {
    read(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  /// A quota over its period; nil where there is no limit ("max", -1) or no sense.
  private static func quota(_ quota: some StringProtocol, _ period: some StringProtocol) -> Double?
  {
    guard let quota = Double(quota.trimmingCharacters(in: .whitespacesAndNewlines)),
      let period = Double(period.trimmingCharacters(in: .whitespacesAndNewlines)),
      quota > 0, period > 0
    else { return nil }
    return quota / period
  }

  // MARK: - Folders

  /// The folders of the process's group and of those above it, as far as they can be seen.
  ///
  /// - Parameter controller: A controller of version 1; nil for version 2.
  private func folders(_ controller: Substring?) -> [String] {
    guard let group = group(controller), let mount = mount(controller) else { return [] }
    // A container sees its own group as the root: what it is called outside is not there.
    var path = group[...]
    if mount.root != "/", path == mount.root || path.hasPrefix(mount.root + "/") {
      path = path.dropFirst(mount.root.count)
    }
    if path.split(separator: "/").contains("..") { path = "" }
    var folders: [String] = []
    while true {
      while path.last == "/" { path.removeLast() }
      folders.append(mount.point + path)
      guard let slash = path.lastIndex(of: "/") else { return folders }
      path = path[..<slash]
    }
  }

  /// The path of the process's group: `0::/a/b`, or `4:cpu,cpuacct:/a/b`.
  private func group(_ controller: Substring?) -> Substring? {
    for line in membership.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      let isWanted =
        controller.map { fields[1].split(separator: ",").contains($0) }
        ?? (fields[0] == "0" && fields[1].isEmpty)
      if isWanted { return fields[2] }
    }
    return nil
  }

  /// Where the groups of a controller are mounted, and which of them is the root there.
  ///
  /// A line is `ID PARENT DEVICE ROOT POINT OPTIONS ... - TYPE SOURCE OPTIONS`.
  private func mount(_ controller: Substring?) -> (root: String, point: String)? {
    for line in mounts.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard let dash = fields.firstIndex(of: "-"), fields.count > dash + 3, dash >= 5 else {
        continue
      }
      let isWanted =
        controller.map {
          fields[dash + 1] == "cgroup" && fields[dash + 3].split(separator: ",").contains($0)
        } ?? (fields[dash + 1] == "cgroup2")
      if isWanted { return (String(fields[3]), String(fields[4])) }
    }
    return nil
  }
}
