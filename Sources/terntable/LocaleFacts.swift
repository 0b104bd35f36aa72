import Foundation

/// What the environment says about the terminal's characters.
enum LocaleFacts {
  /// Whether they are Unicode, by the variables of POSIX in their order.
  static var isUTF8: Bool {
    let environment = ProcessInfo.processInfo.environment
    return ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }
      .first { !$0.isEmpty }?.uppercased().contains("UTF") ?? false
  }
}
