import Foundation

/// Where models are kept and where their names are written down: the folders of the XDG Base
/// Directory Specification 0.8, or `models.yaml` and `models` below `TERNTABLE_HOME`.
public struct LibraryPlace: Equatable, Sendable {
  /// `$XDG_CONFIG_HOME/terntable/models.yaml`, or `~/.config/terntable/models.yaml`.
  public var listPath: String
  /// `$XDG_DATA_HOME/terntable/models`, or `~/.local/share/terntable/models`.
  public var folder: String
  /// What `~/` stands for; nil where `HOME` is not set.
  public var home: String?

  public init(listPath: String, folder: String, home: String? = nil) {
    self.listPath = listPath
    self.folder = folder
    self.home = home
  }

  /// - Throws: ``LibraryError/noHome``.
  public init(environment: [String: String]) throws(LibraryError) {
    // The specification says that a relative path is to be ignored.
    let absolute = { (name: String) in environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil } }
    home = absolute("HOME")
    if let own = absolute("TERNTABLE_HOME") {
      (listPath, folder) = (own + "/models.yaml", own + "/models")
      return
    }
    guard let config = absolute("XDG_CONFIG_HOME") ?? home.map({ $0 + "/.config" }),
      let data = absolute("XDG_DATA_HOME") ?? home.map({ $0 + "/.local/share" })
    else { throw .noHome }
    listPath = config + "/terntable/models.yaml"
    folder = data + "/terntable/models"
  }

  /// A path of the list: absolute, under `~/`, or beside the models of the folder.
  func resolve(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    if path.hasPrefix("~/"), let home { return home + path.dropFirst(1) }
    return "\(folder)/\(path)"
  }

  /// Where a model of this name is put that is not there yet.
  public func file(named name: String) -> String { "\(folder)/\(name).gguf" }
}
