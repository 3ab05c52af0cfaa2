import Foundation
import Glibc
import HoneGraders

extension WarmPython {
  /// A running child with its files.
  final class Child {
    private let python: WarmPython
    private let process: pid_t
    private let folder: String
    private let outputs: [Int32]

    init(
      of python: WarmPython, _ job: PythonJob, input: String = "", link: Int32?,
      cpuSeconds: UInt64 = 20
    ) throws {
      self.python = python
      folder = FileManager.default.temporaryDirectory.path + "/hone-" + UUID().uuidString
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      outputs = (0..<3).map { _ in Child.temporaryFile() }
      // Unlike a file, and like a pipe, a socket cannot seek; tests keep the input small.
      let stdin = try WarmPython.socketPair(SOCK_STREAM)
      let jobs = try WarmPython.socketPair(SOCK_STREAM)
      var descriptors = [stdin.theirs, outputs[0], outputs[1], jobs.theirs, outputs[2]]
      if let link { descriptors.append(link) }
      process = try python.fork(
        descriptors, folder: folder, flags: link == nil ? 0 : 2, cpuSeconds: cpuSeconds)
      close(stdin.theirs)
      close(jobs.theirs)
      Child.write(Array(input.utf8), to: stdin.ours)
      Child.write(job.encoded(), to: jobs.ours)
    }

    deinit {
      for descriptor in outputs { close(descriptor) }
      try? FileManager.default.removeItem(atPath: folder)
    }

    func wait() throws -> Ending {
      let (status, cpuSeconds) = try python.wait(process)
      let contents = outputs.map { Child.content(of: $0) }
      return Ending(
        status: status, output: String(decoding: contents[0], as: UTF8.self),
        errors: String(decoding: contents[1], as: UTF8.self),
        records: ResultRecords(contents[2]), cpuSeconds: cpuSeconds)
    }

    static func write(_ bytes: [UInt8], to descriptor: Int32) {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = rest.withUnsafeBytes {
          Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count <= 0 { break }
        rest = rest.dropFirst(count)
      }
      close(descriptor)
    }

    static func temporaryFile() -> Int32 {
      let path = FileManager.default.temporaryDirectory.path + "/hone-" + UUID().uuidString
      defer { unlink(path) }
      return open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
    }

    static func content(of descriptor: Int32) -> [UInt8] {
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      lseek(descriptor, 0, Int32(SEEK_SET))
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count <= 0 { return bytes }
        bytes += buffer.prefix(count)
      }
    }
  }
}
