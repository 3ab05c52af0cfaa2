import Foundation
import HoneFiles
import Testing

/// Has every call of one name fail with an error.
private final class Refusal: FileFaults {
  let name: FileCall.Name
  let path: String
  let code: Int32

  init(_ name: FileCall.Name, of path: String, _ code: Int32) {
    (self.name, self.path, self.code) = (name, path, code)
  }

  func fault(_ call: FileCall) -> Int32? { call.name == name && call.path == path ? code : nil }
  func happened(_ call: FileCall, result: Int) {}
}

@Suite("Files that are read", .serialized, .timeLimit(.minutes(1)))
struct InputFileTests {
  let folder = NSTemporaryDirectory() + "hone-input-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func done() { try? FileManager.default.removeItem(atPath: folder) }

  private func fault(_ path: String, from origin: InputFile.Origin = .folder) -> FileFault? {
    do throws(FileFault) {
      _ = try InputFile.contents(path, from: origin, limit: 1 << 20)
      return nil
    } catch {
      return error
    }
  }

  @Test("A regular file, by itself and by a link")
  func regular() throws {
    defer { done() }
    let path = folder + "/file"
    #expect(SystemCalls.writeFile(path, Array("text".utf8)) == 0)
    #expect(try InputFile.contents(path, limit: 4) == Array("text".utf8))
    #expect(symlink("file", folder + "/link") == 0)
    #expect(try InputFile.contents(folder + "/link", limit: 4) == Array("text".utf8))
    #expect(try InputFile(path).size == 4)
    let long = fault(path)
    #expect(long == nil)
    #expect(throws: FileFault.self) { try InputFile.contents(path, limit: 3) }
  }

  @Test("What is no file is refused at once, and in words")
  func refused() throws {
    defer { done() }
    #expect(fault(folder)?.reason == "cannot be read: Is a directory")
    #expect(fault(folder)?.code == EISDIR)
    #expect(fault(folder + "/none")?.kind == .missing)
    let pipe = folder + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(fault(pipe)?.reason == "cannot be read: a pipe, wanted a regular file")
    #expect(symlink("/dev/zero", folder + "/endless") == 0)
    for origin in [InputFile.Origin.folder, .person] {
      #expect(fault(folder + "/endless", from: origin)?.kind == .refused)
      #expect(fault("/dev/full", from: origin)?.kind == .refused)
    }
    #expect(fault("/dev/null")?.kind == .refused)
  }

  @Test("A person may name pipes and the null device")
  func streams() throws {
    defer { done() }
    #expect(try InputFile.contents("/dev/null", from: .person, limit: 9) == [])
    let pipe = folder + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let writer = Thread {
      // Opened late: the reader waits for it.
      usleep(100_000)
      let descriptor = SystemCalls.open(pipe, [.writeOnly])
      _ = Array("rows".utf8).withUnsafeBytes {
        SystemCalls.writeAll(descriptor, $0, path: pipe)
      }
      SystemCalls.close(descriptor, path: pipe)
    }
    writer.start()
    #expect(try InputFile.contents(pipe, from: .person, limit: 9) == Array("rows".utf8))
  }

  @Test("A file that becomes shorter is an error, not a signal")
  func truncated() throws {
    defer { done() }
    let path = folder + "/file"
    #expect(SystemCalls.writeFile(path, [UInt8](repeating: 1, count: 100)) == 0)
    let file = try InputFile(path)
    #expect(truncate(path, 40) == 0)
    var bytes = [UInt8](repeating: 0, count: 60)
    let error = bytes.withUnsafeMutableBytes { buffer in
      do throws(FileFault) {
        try file.fill(buffer, from: 20)
        return nil as FileFault?
      } catch {
        return error
      }
    }
    #expect(error?.reason == "became shorter while it was read: 40 bytes are left of 100")
  }

  @Test(
    "The system's reason is told",
    arguments: [
      (FileCall.Name.open, EACCES, "cannot be opened: Permission denied"),
      (.read, EIO, "cannot be read: Input/output error"),
      (.status, EIO, "cannot be looked at: Input/output error"),
    ])
  func reasons(_ name: FileCall.Name, _ code: Int32, _ reason: String) throws {
    defer { done() }
    let path = folder + "/file"
    #expect(SystemCalls.writeFile(path, [1]) == 0)
    SystemCalls.setFaults(Refusal(name, of: path, code), below: folder)
    defer { SystemCalls.setFaults(nil, below: folder) }
    #expect(fault(path)?.reason == reason)
    #expect(fault(path)?.kind == .system)
  }
}
