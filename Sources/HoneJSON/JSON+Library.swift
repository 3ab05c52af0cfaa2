import CJSONC

extension JSON {
  /// The version of json-c that is linked in, such as `0.16`.
  public static var libraryVersion: String { String(cString: cjsonc_version()) }
}
