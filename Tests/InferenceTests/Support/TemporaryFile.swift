import Foundation

/// Lends a file with these bytes and removes it afterwards.
func withFile<Result>(
  _ bytes: [UInt8], _ body: (String) throws -> Result
) throws -> Result {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("terntable-\(UUID().uuidString).gguf")
  try Data(bytes).write(to: url)
  defer { try? FileManager.default.removeItem(at: url) }  // a left-over file harms nobody
  return try body(url.path)
}
