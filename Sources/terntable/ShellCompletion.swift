import ArgumentParser
import Foundation
import SessionRuntime
import TerminalUI

// What the shell offers for an argument; `terntable --generate-completion-script SHELL` asks for it.
extension CompletionKind {
  /// Names, aliases and GGUF files.
  static let models = CompletionKind.custom { _, _, beginning in
    ModelNames.candidates(beginningWith: beginning)
  }

  static let presets = CompletionKind.custom { _, _, beginning in
    SessionEffects.names(.presets, beginningWith: beginning)
  }

  /// Recorded sessions, here and in the folder of sessions.
  static let sessions = CompletionKind.custom { _, _, beginning in
    SessionNames.candidates(beginningWith: beginning)
  }

  /// The same, and scripts.
  static let playable = CompletionKind.custom { _, _, beginning in
    SessionNames.candidates(
      beginningWith: beginning, or: [".yaml", ".yml"])
  }
}

/// The paths of recorded sessions, for completion.
enum SessionNames {
  /// Most of the folder of sessions, the newest first: who wants an older one types its beginning.
  static let offeredMax = 50

  /// Folders and journals that begin so, and those of the folder of sessions.
  /// - Parameter others: endings of other files that are meant too.
  static func candidates(
    beginningWith beginning: String, or others: [String] = []
  ) -> [String] {
    let here = PathCompletion.paths(beginningWith: beginning).filter { path in
      ([SessionFolder.suffix, "/"] + others).contains { path.hasSuffix($0) }
    }
    let kept = Self.kept().filter { $0.hasPrefix(beginning) && !here.contains($0) }
    return here + kept.sorted(by: >).prefix(offeredMax)
  }

  private static func kept() -> [String] {
    do {
      let folder = try SessionFolder(environment: ProcessInfo.processInfo.environment).path
      return try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { $0.hasSuffix(SessionFolder.suffix) }.map { "\(folder)/\($0)" }
    } catch {
      // Without a place for sessions, or before the first one, nothing is offered from there.
      return []
    }
  }
}
