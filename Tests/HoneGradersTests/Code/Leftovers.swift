import Foundation
import HoneGraders

/// What programs may leave on a machine if they are not contained.
struct Leftovers: Sendable {
  /// Files, queues, sockets, keys and processes with the names that attacks give them.
  ///
  /// What dies with a sandbox needs a moment to do so, and other tests come and go meanwhile: what is
  /// there at every look for some seconds stays.
  static func found() -> [String] {
    var remaining = Set(all())
    for _ in 0..<100 where !remaining.isEmpty {
      Thread.sleep(forTimeInterval: 0.1)
      remaining.formIntersection(all())
    }
    return remaining.sorted()
  }

  private static func all() -> [String] {
    files() + kernelObjects() + processes() + programs() + zombies()
  }

  private static let marks = ["SANDBOX_BREACH", "hone-breach", ".hone-breach"]

  private static func isMark(_ name: String) -> Bool { marks.contains { name.hasPrefix($0) } }

  private static func names(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  private static func files() -> [String] {
    let here = FileManager.default.currentDirectoryPath
    let folders = [
      "/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock", "/", "/usr", "/dev/mqueue", here,
      FileManager.default.homeDirectoryForCurrentUser.path,
    ]
    let marked = folders.flatMap { folder in
      names(in: folder).filter(isMark).map { folder + "/" + $0 }
    }
    return marked + names(in: here).filter { $0 == "core" || $0.hasPrefix("core.") }
  }

  private static func kernelObjects() -> [String] {
    let key = " \(0x484f_4e45) "
    let places: [(file: String, mark: String)] = [
      ("/proc/net/unix", "hone-breach"), ("/proc/keys", "hone-breach"),
      ("/proc/sysvipc/shm", key), ("/proc/sysvipc/sem", key), ("/proc/sysvipc/msg", key),
    ]
    return places.flatMap { place in
      lines(of: place.file).filter { " \($0)".contains(place.mark) }.map { "\(place.file): \($0)" }
    }
  }

  private static func lines(of file: String) -> [Substring] {
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return [] }
    return text.split(separator: "\n")
  }

  // MARK: - Processes

  /// Processes that carry the name that attacks give to what is to outlive them.
  private static func processes() -> [String] {
    names(in: "/proc").compactMap { pid in
      guard let number = Int(pid), let status = ProcessStatus(number) else { return nil }
      return isMark(status.name) ? "process \(pid) \(status.name)" : nil
    }
  }

  /// The user id of a keeper's programs where they have one of their own; that of another keeper is
  /// a multiple of four away.
  static let programUser: Int? = {
    guard let keeper = try? KeeperPool.keeper(), keeper.layers.contains(.uid) else { return nil }
    return Int(keeper.user)
  }()

  /// Processes that run as programs do, whatever they are called and whoever is their parent.
  static func programs() -> [String] {
    guard let programUser else { return [] }
    return names(in: "/proc").compactMap(Int.init).compactMap { pid in
      guard let status = ProcessStatus(pid), status.state != "Z",
        let user = ProcessStatus.user(of: pid), abs(user - programUser) < 600,
        (user - programUser) % 4 == 0
      else { return nil }
      return "program \(pid) \(status.name)"
    }
  }

  /// Children of this process that have ended and were not waited for.
  private static func zombies() -> [String] {
    let ours = Int(ProcessInfo.processInfo.processIdentifier)
    return names(in: "/proc").compactMap { pid in
      guard let number = Int(pid), let status = ProcessStatus(number) else { return nil }
      return status.parent == ours && status.state == "Z" ? "zombie \(pid) \(status.name)" : nil
    }
  }

  /// All processes below this one but keepers and the cells that they have ready, which come and go.
  static func descendants() -> Set<Int> {
    let keeper = "exe"
    return allDescendants().filter { ProcessStatus($0).map { $0.name != keeper } ?? false }
  }

  private static func allDescendants() -> Set<Int> {
    var children: [Int: [Int]] = [:]
    for pid in names(in: "/proc").compactMap(Int.init) {
      if let status = ProcessStatus(pid) { children[status.parent, default: []].append(pid) }
    }
    var found: Set<Int> = []
    var waiting = [Int(ProcessInfo.processInfo.processIdentifier)]
    while let next = waiting.popLast() {
      for child in children[next] ?? [] where found.insert(child).inserted { waiting.append(child) }
    }
    return found
  }
}

/// What the kernel says of a process.
struct ProcessStatus {
  var name: String
  var state: Character
  var parent: Int

  /// The user id of a process, or nil if there is none any more.
  static func user(of pid: Int) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("Uid:") })
    else { return nil }
    return line.split(separator: "\t").dropFirst().first.flatMap { Int($0) }
  }

  /// Nil if there is no such process any more.
  init?(_ pid: Int) {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")")
    else { return nil }
    let rest = text[close...].split(separator: " ")
    guard rest.count > 2, let state = rest[1].first, let parent = Int(rest[2]) else { return nil }
    name = String(text[text.index(after: open)..<close])
    self.state = state
    self.parent = parent
  }
}

/// Folders that anybody may change, and that nobody should.
struct Canary {
  private let folders: [String]
  private let content = "unchanged"
  private let before: [String]

  /// Makes them where attacks look.
  init() throws {
    let number = UInt32.random(in: 0...UInt32.max)
    folders = ["/tmp", "/var/tmp", "/dev/shm"].filter {
      FileManager.default.isWritableFile(atPath: $0)
    }.map { "\($0)/hone-canary-\(number)" }
    for folder in folders {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o777])
      for name in ["a", "b"] {
        _ = FileManager.default.createFile(
          atPath: "\(folder)/\(name)", contents: Data(content.utf8),
          attributes: [.posixPermissions: 0o666])
      }
      try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder)
    }
    before = folders.flatMap(Self.described)
  }

  /// Every file with its content, mode and times.
  private static func described(_ folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().map { name in
      let path = "\(folder)/\(name)"
      let attributes = (try? FileManager.default.attributesOfItem(atPath: path)) ?? [:]
      let content = (try? String(contentsOfFile: path, encoding: .utf8)) ?? "unreadable"
      return
        "\(path) \(attributes[.posixPermissions] ?? "") \(attributes[.modificationDate] ?? "") "
        + content
    }
  }

  /// What is not as it was; the folders are gone afterwards.
  func changes() -> [String] {
    let after = folders.flatMap(Self.described)
    for folder in folders { try? FileManager.default.removeItem(atPath: folder) }
    return before == after ? [] : ["canary before \(before), after \(after)"]
  }
}
