import Foundation
import Journaling
import SessionCore
import SessionRuntime

/// Sessions from the journals that somebody names on the command line.
enum JournalInput {
  /// The session in a journal; `-` is standard input. A torn end is told on standard error.
  static func session(at path: String) throws -> Session {
    let contents =
      path == "-"
      ? try JournalReader.fold(
        bytes: Array(FileHandle.standardInput.readToEnd() ?? Data()), path: "standard input")
      : try JournalReader.fold(path)
    if contents.tornBytes > 0 { say(tornEnd(contents.tornBytes, contents.path)) }
    return try naming(contents.path, contents.session)
  }

  /// What the entries come to.
  static func session(in contents: JournalContents) throws -> Session {
    try naming(contents.path, contents.session)
  }

  /// Folds the entries of a record; the file is named when one does not follow from those before.
  static func naming<Fold>(_ path: String, _ fold: () throws -> Fold) throws -> Fold {
    do {
      return try fold()
    } catch {
      let failure = commandFailure(for: error)
      throw CommandFailure("\(path): \(failure.text)", failure.exitCode)
    }
  }

  /// Says how much of a torn record is left out.
  static func reportTornEnd(_ contents: JournalContents) {
    guard contents.tornBytes > 0 else { return }
    say(tornEnd(contents.tornBytes, contents.path))
  }

  static func tornEnd(_ bytes: Int, _ path: String) -> String {
    "\(path): the last \(bytes) bytes are a torn line and are left out"
  }

  /// The journals in a folder and the folders below it, by name; a file stands for itself.
  static func journals(in path: String) throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CommandFailure("\(path): there is no such file or folder", .noInput)
    }
    guard isFolder.boolValue else { return [path] }
    // Without a handler an unreadable folder would be passed over in silence.
    var unreadable: (url: URL, error: any Error)?
    let below = FileManager.default.enumerator(
      at: URL(filePath: path), includingPropertiesForKeys: nil,
      errorHandler: { url, error in
        unreadable = (url, error)
        return false
      })
    var journals: [String] = []
    while let url = below?.nextObject() as? URL {
      if url.path.hasSuffix(SessionFolder.suffix) { journals.append(url.relativePath(to: path)) }
    }
    if let unreadable {
      throw CommandFailure(
        "\(unreadable.url.path): cannot be read: "
          + unreadable.error.localizedDescription, .inputOutput)
    }
    guard !journals.isEmpty else {
      throw CommandFailure(
        "\(path): no journals (*\(SessionFolder.suffix)) in this folder", .noInput)
    }
    return journals.sorted()
  }
}

extension URL {
  /// The way down from `folder` as it was typed, so that messages name files as a person would.
  fileprivate func relativePath(to folder: String) -> String {
    let root = URL(filePath: folder).standardizedFileURL.path
    let own = standardizedFileURL.path
    guard own.hasPrefix(root) else { return path }
    let rest = own.dropFirst(root.count).drop { $0 == "/" }
    return folder.hasSuffix("/") ? folder + rest : "\(folder)/\(rest)"
  }
}
