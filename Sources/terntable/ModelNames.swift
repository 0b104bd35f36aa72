import Foundation
import Inference
import ModelLibrary
import TerminalUI

/// The names that a model can be called by, for lists and for completion.
enum ModelNames {
  /// Every model at hand, as `terntable model list` has them.
  static func listing(chosen: String) throws -> Listing {
    let bundled = LanguageModel.bundledNames.map {
      Listing.Row($0, "bundled", isChosen: $0 == chosen)
    }
    let others = try shelf().models().map { model in
      let names = [model.name] + (model.entry?.aliases ?? [])
      let aliases = names.count > 1 ? ", also \(names.dropFirst().joined(separator: ", "))" : ""
      return Listing.Row(model.name, model.path + aliases, isChosen: names.contains(chosen))
    }
    let rows = bundled + others
    let unlisted =
      rows.contains(where: \.isChosen) ? [] : [Listing.Row(chosen, "", isChosen: true)]
    return Listing(
      title: "Models at hand", rows: rows + unlisted,
      foot: "/model NAME lets one answer from here on; a path to a GGUF file is a name too.")
  }

  /// Names, aliases and paths of GGUF files that begin so.
  static func candidates(beginningWith beginning: String) -> [String] {
    var names = LanguageModel.bundledNames
    // A list that cannot be read offers nothing; `model list` says what is wrong with it.
    let models = (try? shelf().models()) ?? []
    for model in models { names += [model.name] + (model.entry?.aliases ?? []) }
    let files = PathCompletion.paths(beginningWith: beginning).filter {
      $0.hasSuffix("/") || $0.hasSuffix(".gguf")
    }
    return names.filter { $0.hasPrefix(beginning) } + files
  }

  private static func shelf() throws -> ModelShelf {
    ModelShelf(place: try LibraryPlace(environment: ProcessInfo.processInfo.environment))
  }
}
