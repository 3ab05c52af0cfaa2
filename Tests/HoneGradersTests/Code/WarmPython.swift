import Foundation
import Glibc
import HoneGraders
import Synchronization
import Testing

/// A zygote without a sandbox around it, for tests of the driver alone: it is asked for children
/// as a keeper would, over the same socket, but they run as this user in this file system.
///
/// Not to be shared: unchecked because a test that holds a ``Lease`` is the only one to use it.
final class WarmPython: @unchecked Sendable {
  /// How a child ended, and what it left.
  struct Ending {
    var status: Int32
    var output: String
    var errors: String
    var records: ResultRecords
    /// CPU seconds of the child, as the zygote measured them.
    var cpuSeconds: Double

    /// The exit code, or the signal with a minus sign.
    var code: Int32 { status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F) }
  }

  struct Failure: Error { var message: String }

  /// The interpreter to test with, if there is one.
  static let interpreter: String? = {
    let candidates =
      [ProcessInfo.processInfo.environment["HONE_TEST_PYTHON"], "/usr/bin/python3"]
      .compactMap { $0 }
    return candidates.first { access($0, X_OK) == 0 }
  }()

  static let isPresent: Bool = interpreter != nil
  static let absence: Comment = "there is no /usr/bin/python3"

  private static let idle = Mutex<[WarmPython]>([])

  /// A zygote for one test; it goes to another test afterwards.
  final class Lease {
    let python: WarmPython

    init() throws {
      python = try WarmPython.idle.withLock { $0.popLast() } ?? WarmPython()
    }

    deinit {
      let python = python
      WarmPython.idle.withLock { $0.append(python) }
    }
  }

  private let control: Int32
  let process: pid_t

  init() throws {
    guard let interpreter = Self.interpreter else { throw Failure(message: "no python3") }
    let ends = try Self.socketPair(SOCK_SEQPACKET)
    defer { close(ends.theirs) }
    control = ends.ours
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { close(null) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in 0..<Int32(3) {
      posix_spawn_file_actions_adddup2(&actions, null, descriptor)
    }
    posix_spawn_file_actions_adddup2(&actions, ends.theirs, 3)
    // What other tests have open at the moment is not the interpreter's.
    for descriptor in Int32(4)..<4096 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    let environment = [
      "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/nonexistent", "PYTHONHASHSEED=0",
    ]
    var process: pid_t = 0
    let code = Self.withCStrings(Self.words(interpreter)) { arguments in
      Self.withCStrings(environment) {
        posix_spawn(&process, interpreter, &actions, nil, arguments, $0)
      }
    }
    guard code == 0 else { throw Failure(message: "posix_spawn: \(code)") }
    self.process = process
    let hello = receive()
    guard hello.first == UInt8(ascii: "R") else { throw Failure(message: "no greeting") }
  }

  deinit {
    close(control)
    var status: Int32 = 0
    waitpid(process, &status, 0)
  }

  /// Closes the socket; the zygote's exit code.
  func end() -> Int32 {
    shutdown(control, Int32(SHUT_RDWR))
    var status: Int32 = 0
    waitpid(process, &status, 0)
    return status
  }

  // MARK: - Cases

  func run(_ job: PythonJob, input: String = "", cpuSeconds: UInt64 = 20) throws -> Ending {
    let child = try Child(of: self, job, input: input, link: nil, cpuSeconds: cpuSeconds)
    return try child.wait()
  }

  func judge(_ source: String, by judge: PythonJob) throws -> (program: Ending, judge: Ending) {
    let link = try Self.socketPair(SOCK_STREAM)
    let program = try Child(of: self, .serve(PythonProgram(source: source)), link: link.ours)
    let judging = try Child(of: self, judge, link: link.theirs)
    close(link.ours)
    close(link.theirs)
    let judged = try judging.wait()
    return (try program.wait(), judged)
  }

  func judge(_ source: String, _ assertion: String, setup: String = "") throws -> ResultRecords {
    try judge(source, by: .judgeScript(setup: setup, assertion: assertion)).judge.records
  }

  // MARK: - The zygote's protocol

  func fork(_ descriptors: [Int32], folder: String, flags: UInt8, cpuSeconds: UInt64) throws
    -> pid_t
  {
    var packet: [UInt8] = [UInt8(ascii: "F"), flags, 0]
    for number in [0, 0] as [UInt32] { withUnsafeBytes(of: number) { packet += $0 } }
    let limits: [UInt64] = [2 << 30, cpuSeconds, 16 << 20, 0, 64]
    for limit in limits { withUnsafeBytes(of: limit) { packet += $0 } }
    send(packet + Array(folder.utf8), descriptors)
    let answer = receive()
    guard answer.first == UInt8(ascii: "P"), answer.count == 5 else {
      throw Failure(message: String(decoding: answer, as: UTF8.self))
    }
    return answer.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 1, as: Int32.self) }
  }

  func wait(_ child: pid_t) throws -> (status: Int32, cpuSeconds: Double) {
    var packet: [UInt8] = [UInt8(ascii: "W")]
    withUnsafeBytes(of: child) { packet += $0 }
    send(packet, [])
    let answer = receive()
    guard answer.first == UInt8(ascii: "S"), answer.count == 25 else {
      throw Failure(message: "no answer to a wait")
    }
    return answer.withUnsafeBytes {
      (
        $0.loadUnaligned(fromByteOffset: 5, as: Int32.self),
        Double($0.loadUnaligned(fromByteOffset: 9, as: UInt64.self)) / 1e6
      )
    }
  }

  func receive() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 8192)
    let count = recv(control, &buffer, buffer.count, 0)
    return Array(buffer.prefix(max(0, count)))
  }

  func send(_ packet: [UInt8], _ descriptors: [Int32]) {
    // A control message is a header of two words' length, then the descriptors.
    let size = MemoryLayout<cmsghdr>.size + 4 * descriptors.count
    var ancillary = [UInt8](repeating: 0, count: (size + 7) & ~7)
    ancillary.withUnsafeMutableBytes { bytes in
      var header = cmsghdr()
      header.cmsg_len = size
      header.cmsg_level = SOL_SOCKET
      header.cmsg_type = Int32(SCM_RIGHTS)
      bytes.storeBytes(of: header, as: cmsghdr.self)
      for (index, descriptor) in descriptors.enumerated() {
        bytes.storeBytes(
          of: descriptor, toByteOffset: MemoryLayout<cmsghdr>.size + 4 * index, as: Int32.self)
      }
    }
    var packet = packet
    packet.withUnsafeMutableBytes { content in
      ancillary.withUnsafeMutableBytes { rights in
        var vector = iovec(iov_base: content.baseAddress, iov_len: content.count)
        withUnsafeMutablePointer(to: &vector) { vectors in
          var message = msghdr()
          message.msg_iov = vectors
          message.msg_iovlen = 1
          if !descriptors.isEmpty {
            message.msg_control = rights.baseAddress
            message.msg_controllen = rights.count
          }
          _ = sendmsg(control, &message, Int32(MSG_NOSIGNAL))
        }
      }
    }
  }

  // Closed in every child that another test starts meanwhile, or their ends would never come.
  static func socketPair(_ kind: __socket_type) throws -> (ours: Int32, theirs: Int32) {
    var ends: [Int32] = [-1, -1]
    guard socketpair(AF_UNIX, Int32(kind.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw Failure(message: "socketpair")
    }
    return (ends[0], ends[1])
  }

  private static func withCStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let pointers = strings.map { strdup($0) }
    defer { for pointer in pointers { free(pointer) } }
    return body(pointers + [nil])
  }
}

extension WarmPython {
  /// The command of a warm interpreter that has its driver among its arguments.
  fileprivate static func words(_ interpreter: String) -> [String] {
    [interpreter, "-S", "-s", "-B", "-X", "utf8", "-W", "ignore", "-c"]
      + [String(decoding: PythonDriver.source, as: UTF8.self)]
  }
}
