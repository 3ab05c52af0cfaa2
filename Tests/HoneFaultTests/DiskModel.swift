import Foundation
import HoneFiles

/// What a disk may hold when the power is lost: a model of a file system that has seen all calls.
///
/// Data that was not synchronized may be lost, cut or zeros. Names of a folder that was not synchronized are
/// old or new, in the order in which they were given; a rename between two folders is one step. Nothing
/// else is promised: less than ext4, XFS or Btrfs keep.
final class DiskModel {
  private final class Node {
    enum Kind { case file, folder, link(String) }
    let kind: Kind
    /// What is on the disk for certain, and what the system shows.
    var durable: [UInt8] = []
    var bytes: [UInt8] = []
    /// The file after each change since it was synchronized.
    var versions: [[UInt8]] = []
    var durableEntries: [String: Node] = [:]
    var entries: [String: Node] = [:]
    /// Names that were given and taken since the folder was synchronized.
    var changes: [Change] = []

    init(_ kind: Kind) { self.kind = kind }
  }

  /// One step: names of a folder, and the step of the other folder that it is one with.
  private final class Change {
    let names: [(String, Node?)]
    unowned let folder: Node
    weak var partner: Change?
    init(_ folder: Node, _ names: [(String, Node?)]) {
      self.folder = folder
      self.names = names
    }
  }

  private struct Opened {
    var node: Node
    var position = 0
    var appends: Bool
  }

  private let root: Node
  private let path: String
  private var opened: [Int32: Opened] = [:]

  /// Begins with what is in a folder, all of it on the disk.
  init(folder: String) {
    path = folder
    root = Self.read(folder)
  }

  private static func read(_ path: String) -> Node {
    let manager = FileManager.default
    if let target = try? manager.destinationOfSymbolicLink(atPath: path) {
      return Node(.link(target))
    }
    if let names = try? manager.contentsOfDirectory(atPath: path) {
      let node = Node(.folder)
      for name in names { node.entries[name] = read("\(path)/\(name)") }
      node.durableEntries = node.entries
      return node
    }
    let node = Node(.file)
    node.bytes = Array(manager.contents(atPath: path) ?? Data())
    node.durable = node.bytes
    return node
  }

  // MARK: - What happens

  /// Takes a call that has happened.
  func see(_ call: FileCall, result: Int) {
    switch call.name {
    case .open: open(call, Int32(result))
    case .close: if let number = call.descriptor { opened[number] = nil }
    case .write: write(call, result)
    case .truncate: truncate(call)
    case .synchronize: if let number = call.descriptor { synchronize(opened[number]?.node) }
    case .makeFolder: set(call.path, Node(.folder))
    case .link: set(call.path, Node(.link(call.other ?? "")))
    case .unlink, .removeFolder: set(call.path, nil)
    case .rename: rename(call)
    case .read, .readLink, .status, .list, .lock, .space: break
    }
  }

  private func open(_ call: FileCall, _ number: Int32) {
    if call.options.contains(.create), node(call.path) == nil { set(call.path, Node(.file)) }
    guard let node = node(call.path) else { return }
    opened[number] = Opened(node: node, appends: call.options.contains(.append))
    if call.options.contains(.truncate), !node.bytes.isEmpty { change(node, to: []) }
  }

  private func write(_ call: FileCall, _ count: Int) {
    guard let number = call.descriptor, let file = opened[number], let written = call.bytes else {
      return
    }
    var bytes = file.node.bytes
    let start = file.appends ? bytes.count : file.position
    if bytes.count < start + count {
      bytes += [UInt8](repeating: 0, count: start + count - bytes.count)
    }
    bytes.replaceSubrange(start..<start + count, with: written.prefix(count))
    opened[number]?.position = start + count
    change(file.node, to: bytes)
  }

  private func truncate(_ call: FileCall) {
    guard let number = call.descriptor, let node = opened[number]?.node else { return }
    let length = call.length ?? 0
    change(
      node,
      to: Array(node.bytes.prefix(length))
        + [UInt8](repeating: 0, count: max(0, length - node.bytes.count)))
  }

  private func change(_ node: Node, to bytes: [UInt8]) {
    node.versions.append(node.bytes)
    node.bytes = bytes
  }

  private func rename(_ call: FileCall) {
    guard let other = call.other, let moved = node(call.path), let source = parent(call.path),
      let target = parent(other)
    else { return }
    let (old, new) = (Self.name(call.path), Self.name(other))
    if source === target {
      apply(Change(source, [(old, nil), (new, moved)]))
    } else {
      let (leaves, comes) = (Change(source, [(old, nil)]), Change(target, [(new, moved)]))
      (leaves.partner, comes.partner) = (comes, leaves)
      apply(leaves)
      apply(comes)
    }
  }

  private func set(_ path: String, _ node: Node?) {
    guard let folder = parent(path) else { return }
    apply(Change(folder, [(Self.name(path), node)]))
  }

  private func apply(_ change: Change) {
    change.folder.changes.append(change)
    for (name, node) in change.names { change.folder.entries[name] = node }
  }

  private func synchronize(_ node: Node?) {
    guard let node else { return }
    node.durable = node.bytes
    node.versions = []
    commit(node, upTo: node.changes.count)
  }

  /// Names that are on the disk, and those of other folders that are one step with them.
  private func commit(_ folder: Node, upTo count: Int) {
    let changes = folder.changes.prefix(count)
    folder.changes.removeFirst(count)
    for change in changes {
      for (name, node) in change.names { folder.durableEntries[name] = node }
      guard let partner = change.partner else { continue }
      let other = partner.folder
      if let index = other.changes.firstIndex(where: { $0 === partner }) {
        commit(other, upTo: index + 1)
      }
    }
  }

  // MARK: - Paths

  private static func name(_ path: String) -> String {
    String(path.split(separator: "/").last ?? "")
  }

  private func components(_ path: String) -> [Substring]? {
    guard path == self.path || path.hasPrefix(self.path + "/") else { return nil }
    return path.dropFirst(self.path.count).split(separator: "/")
  }

  private func node(_ path: String) -> Node? {
    components(path)?.reduce(root as Node?) { $0?.entries[String($1)] }
  }

  private func parent(_ path: String) -> Node? {
    components(path)?.dropLast().reduce(root as Node?) { $0?.entries[String($1)] }
  }

  // MARK: - The loss

  /// Writes what the disk may hold now to another folder.
  func write(to other: String, seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    settle(root, &random)
    try write(root, to: other, &random)
  }

  /// Of every folder, some of the last names are there and the rest is not.
  private func settle(_ folder: Node, _ random: inout SplitMix) {
    // Kept in order of names, so that a seed gives one disk.
    commit(folder, upTo: Int(random.next() % UInt64(folder.changes.count + 1)))
    for name in folder.durableEntries.keys.sorted() {
      if let node = folder.durableEntries[name], case .folder = node.kind { settle(node, &random) }
    }
  }

  private func write(_ node: Node, to path: String, _ random: inout SplitMix) throws {
    let manager = FileManager.default
    switch node.kind {
    case .link(let target):
      try manager.createSymbolicLink(atPath: path, withDestinationPath: target)
    case .file:
      try Data(content(node, &random)).write(to: URL(fileURLWithPath: path))
    case .folder:
      try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
      for name in node.durableEntries.keys.sorted() {
        guard let child = node.durableEntries[name] else { continue }
        try write(child, to: "\(path)/\(name)", &random)
      }
    }
  }

  /// What is left of a file's data.
  private func content(_ node: Node, _ random: inout SplitMix) -> [UInt8] {
    guard !node.versions.isEmpty else { return node.bytes }
    let versions = node.versions + [node.bytes]
    switch random.next() % 5 {
    case 0: return node.durable
    case 1: return node.bytes
    case 2: return versions[Int(random.next() % UInt64(versions.count))]
    case 3:
      // The last of the writes that came to the disk, cut.
      let last = 1 + Int(random.next() % UInt64(versions.count - 1))
      let (old, new) = (versions[last - 1], versions[last])
      let first = zip(old, new).prefix { $0 == $1 }.count
      return Array(new.prefix(first + Int(random.next() % UInt64(new.count - first + 1))))
    default:
      // The length is there, and of what is new a part is not.
      var bytes = node.bytes
      let first = zip(node.durable, bytes).prefix { $0 == $1 }.count
      guard first < bytes.count else { return bytes }
      let start = first + Int(random.next() % UInt64(bytes.count - first))
      for index in start..<bytes.count { bytes[index] = 0 }
      return bytes
    }
  }
}

/// Numbers that are the same everywhere (Steele, Lea and Flood 2014).
struct SplitMix: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
