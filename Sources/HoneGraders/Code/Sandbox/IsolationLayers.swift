import CSandbox

/// What can stand between a program and the machine, each layer on its own.
///
/// A layer counts only after it has shown its effect: a process that should be refused was refused
/// when the sandbox started. Versions and configuration files are not asked.
package struct IsolationLayers: OptionSet, Sendable, Hashable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  private init(_ layer: Int) { rawValue = UInt32(layer) }

  /// Root inside is nobody outside.
  package static let user = IsolationLayers(CSANDBOX_USER)
  /// A read-only file system of a few folders.
  package static let mount = IsolationLayers(CSANDBOX_MOUNT)
  /// Other processes are invisible, and all of a case die together.
  package static let pid = IsolationLayers(CSANDBOX_PID)
  /// No network interface.
  package static let net = IsolationLayers(CSANDBOX_NET)
  /// Queues and shared memory of its own.
  package static let ipc = IsolationLayers(CSANDBOX_IPC)
  /// Files outside the scratch cannot be changed, nor others than the runtime's be read.
  package static let landlock = IsolationLayers(CSANDBOX_LANDLOCK)
  /// System calls that no solution needs end the process.
  package static let seccomp = IsolationLayers(CSANDBOX_SECCOMP)
  /// A user id that nobody else has.
  package static let uid = IsolationLayers(CSANDBOX_UID)
  /// Memory, processor time, files and processes of each process.
  package static let limits = IsolationLayers(CSANDBOX_LIMITS)
  /// Memory and processes of all processes of a sandbox together.
  package static let cgroup = IsolationLayers(CSANDBOX_CGROUP)

  /// All five namespaces.
  package static let namespaces: IsolationLayers = [.user, .mount, .pid, .net, .ipc]
  /// Everything.
  package static let all: IsolationLayers = [
    .namespaces, .landlock, .seccomp, .uid, .limits, .cgroup,
  ]

  /// Every layer with its name and what is open without it, from the outermost on.
  package static let described: [(layer: IsolationLayers, name: String, without: String)] = [
    (.user, "user namespace", "programs share the machine's user ids"),
    (.mount, "mount namespace", "other files are kept out by Landlock and permissions alone"),
    (.pid, "process namespace", "other processes can be seen, strays are killed by user id"),
    (.net, "network namespace", "the network is kept out by the system call filter alone"),
    (.ipc, "IPC namespace", "System V queues are kept out by the system call filter alone"),
    (.landlock, "Landlock", "readable files can be read, TCP is not refused twice"),
    (.seccomp, "seccomp", "every system call can be tried"),
    (.uid, "own user id", "programs run as the user who grades"),
    (.limits, "resource limits", "memory and processor time have no bound for each process"),
    (.cgroup, "control group", "memory has no bound for all processes together"),
  ]

  /// The names of the layers at work.
  package var names: [String] { Self.described.filter { contains($0.layer) }.map(\.name) }

  /// The layers that are not at work and what that leaves open.
  package var missing: [String] {
    Self.described.filter { !contains($0.layer) }.map { "no \($0.name): \($0.without)" }
  }

  /// How strong this is.
  ///
  /// - 3: namespaces, Landlock, seccomp, and a user id of its own or a control group. An ordinary
  ///   user cannot change to another user id; there a user namespace, which counts processes by
  ///   itself and gives no power outside, stands for it.
  /// - 2: no (or not all) namespaces, but Landlock, seccomp and a user id of its own.
  /// - 1: seccomp and limits.
  /// - 0: less.
  ///
  /// - Parameter isRoot: whether the grader may change user ids.
  package func level(isRoot: Bool) -> Int {
    guard isSuperset(of: [.seccomp, .limits]) else { return 0 }
    let isOwn = contains(.uid) || contains(.cgroup) || (!isRoot && contains(.user))
    if isSuperset(of: .namespaces), contains(.landlock), isOwn { return 3 }
    return isSuperset(of: [.landlock, .uid]) ? 2 : 1
  }
}
