import Foundation

/// Where a model may be fetched from: `https://` anywhere, `http://` on this machine only.
public struct DownloadAddress: Equatable, Sendable {
  public let text: String
  let isPlain: Bool

  /// Longest address.
  static let bytesMax = 4096
  /// Most redirects of one download.
  static let redirectsMax = 10

  /// Whether a text that names a model's file means an address.
  public static func isMeant(by text: String) -> Bool { text.contains("://") }

  /// - Throws: ``LibraryError/badAddress(_:_:)``.
  public init(_ text: String) throws(LibraryError) {
    // What is left out of the shown text was never asked for.
    let shown = String(text.prefix(200))
    let isPrintable = text.unicodeScalars.allSatisfy { ("\u{21}"..."\u{7E}").contains($0) }
    guard isPrintable, text.utf8.count <= Self.bytesMax, let parts = URLComponents(string: text),
      let scheme = parts.scheme?.lowercased(), let host = parts.host, !host.isEmpty
    else { throw .badAddress(shown, .notAnAddress) }
    guard parts.user == nil, parts.password == nil else {
      throw .badAddress("\(scheme)://\(host)", .hasPassword)
    }
    switch scheme {
    case "https": isPlain = false
    case "http":
      guard Self.isHere(host) else { throw .badAddress(shown, .plain) }
      isPlain = true
    default: throw .badAddress(shown, .otherScheme(scheme))
    }
    self.text = text
  }

  /// Where a redirect leads: by the same rules, and never from `https` to `http`.
  func redirected(to text: String) throws(LibraryError) -> DownloadAddress {
    let next = try DownloadAddress(text)
    if next.isPlain, !isPlain { throw .badAddress(String(text.prefix(200)), .downgrade) }
    return next
  }

  /// Without what may be a secret: question and fragment.
  public var withoutQuery: String {
    String(text.prefix { $0 != "?" && $0 != "#" })
  }

  /// Loopback (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3).
  private static func isHere(_ host: String) -> Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    let isLoopback4 =
      parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    return isLoopback4 || ["localhost", "::1", "[::1]"].contains(host.lowercased())
  }
}
