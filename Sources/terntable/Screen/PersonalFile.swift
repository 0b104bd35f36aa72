import Foundation
import StrictYAML

/// A YAML file of the person's in the configuration folder, read with the line of every fault.
struct PersonalFile {
  let path: String
  let root: YAMLNode

  /// - Throws: a ``CommandFailure`` that says what is wrong and where.
  init(_ path: String) throws {
    self.path = path
    let data = try InputFile.bytes(path)
    do throws(YAMLFault) {
      root = try YAMLNode(parsing: data)
    } catch {
      throw CommandFailure(
        "\(path):\(error.line): \(terntable.text(for: error.reason))", .badConfiguration)
    }
  }

  func pairs(of node: YAMLNode) throws -> [(key: YAMLNode, value: YAMLNode)] {
    if case .mapping(let pairs) = node.content { return pairs }
    throw fault(node, "names and values are wanted here")
  }

  func text(of node: YAMLNode) throws -> String {
    if case .scalar(let text, _) = node.content { return text }
    throw fault(node, "one word is wanted here")
  }

  func list(_ node: YAMLNode) throws -> [String] {
    if case .list(let items) = node.content { return try items.map(text) }
    return [try text(of: node)]
  }

  func fault(_ node: YAMLNode, _ words: String) -> CommandFailure {
    CommandFailure("\(path):\(node.line): \(words)", .badConfiguration)
  }
}
