import Foundation
import TerminalUI

/// Pictures of the screen as files.
enum ScreenFiles {
  /// Writes text and SVG under the next free name of the current folder.
  /// - Returns: both names, in words.
  static func save(_ frame: Frame) throws -> String {
    var number = 1
    let names = { (number: Int) in
      ["terntable-screen-\(number).txt", "terntable-screen-\(number).svg"]
    }
    while names(number).contains(where: FileManager.default.fileExists) { number += 1 }
    let (text, picture) = (names(number)[0], names(number)[1])
    try ResultFile.replace(text, with: frame.text)
    try ResultFile.replace(picture, with: frame.svg(title: "Terntable"))
    return "\(text), \(picture)"
  }
}
