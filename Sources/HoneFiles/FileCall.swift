/// A call on a file, as those see it who decide whether it fails.
package struct FileCall: Sendable {
  /// Which call.
  package enum Name: String, Sendable, CaseIterable {
    case open, close, read, write, synchronize, truncate, rename, makeFolder, removeFolder, unlink
    case link, readLink, status, list, lock, space
  }

  /// Which call.
  package let name: Name
  /// The path that it names, or that its descriptor was opened by.
  package let path: String
  /// The other path of `rename` (the new name) and `link` (the target).
  package var other: String?
  /// The descriptor, where there is one.
  package var descriptor: Int32?
  /// The options of `open`.
  package var options: OpenOptions = []
  /// The bytes of a `write`, valid during the call alone.
  package nonisolated(unsafe) var bytes: UnsafeRawBufferPointer?
  /// The length of `truncate`.
  package var length: Int?

  /// Whether it changes what is on the disk.
  package var isChange: Bool {
    switch name {
    case .write, .truncate, .rename, .makeFolder, .removeFolder, .unlink, .link: true
    case .open: options.contains(.create) || options.contains(.truncate)
    case .close, .read, .synchronize, .readLink, .status, .list, .lock, .space: false
    }
  }
}

/// How a file is opened; it never stays open in programs that are started.
package struct OpenOptions: OptionSet, Sendable {
  /// The set as a number.
  package let rawValue: Int

  /// A set of options.
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// To be read from alone.
  package static let readOnly = OpenOptions(rawValue: 1 << 0)
  /// To be written to alone.
  package static let writeOnly = OpenOptions(rawValue: 1 << 1)
  /// To be read from and written to.
  package static let readWrite = OpenOptions(rawValue: 1 << 2)
  /// Made where it is not there.
  package static let create = OpenOptions(rawValue: 1 << 3)
  /// Made, or refused where something of that name is there.
  package static let exclusive = OpenOptions(rawValue: 1 << 4)
  /// Emptied.
  package static let truncate = OpenOptions(rawValue: 1 << 5)
  /// Without waiting for whoever is at the other end of a pipe.
  package static let nonBlocking = OpenOptions(rawValue: 1 << 6)
  /// Every write goes to the end.
  package static let append = OpenOptions(rawValue: 1 << 7)
}

/// Decides which calls on files fail, and sees those that did not: for tests.
package protocol FileFaults: AnyObject, Sendable {
  /// Asked before every call.
  ///
  /// - Returns: The error's number; the call has no effect then. Nil lets it happen.
  func fault(_ call: FileCall) -> Int32?
  /// Told of every call that was let happen, with what it returned.
  func happened(_ call: FileCall, result: Int)
}
