import MappedFiles

extension MappedFile {
  /// The file at a path.
  ///
  /// - Throws: `unreadable`.
  static func reading(_ path: String) throws(CheckpointError) -> MappedFile {
    do throws(Failure) { return try MappedFile(path: path) } catch {
      throw .unreadable(path: path, errno: error.errno)
    }
  }
}
