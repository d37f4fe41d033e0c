import Glibc

/// Where a save goes: an open folder, a name in it, and what is there now.
struct SaveTarget {
  let folder: Descriptor
  let name: String
  /// Of the file that will be replaced; nil if there is none.
  let permissions: mode_t?

  /// Finds the place that `path` names; a symbolic link is resolved once.
  init(_ path: String) throws(FormatError) {
    let folder: Descriptor
    let name: String
    let status: FileStatus?
    do throws(SystemFailure) {
      let resolved = try Self.isLink(path) ? Directory.resolve(path) : path
      let parts = Self.split(resolved)
      folder = try Descriptor(open: parts.folder, O_RDONLY | O_DIRECTORY)
      name = parts.name
      status = try folder.status(of: name)
      if status?.isRegular == true { try folder.permitsWriting(name) }
    } catch {
      throw AtomicFile.failure(path, error, replaces: false)
    }
    if let status, !status.isRegular {
      throw FormatError(
        .cannotCreate,
        "Cannot save \(SafeText.quoted(path)): it is \(status.noun). Choose another name.")
    }
    self.folder = folder
    self.name = name
    permissions = status?.permissions
  }

  private static func isLink(_ path: String) throws(SystemFailure) -> Bool {
    let (folder, name) = split(path)
    let status = try Descriptor(open: folder, O_RDONLY | O_DIRECTORY).status(of: name)
    return status?.isSymbolicLink == true
  }

  /// The folder and the name in it; a path that ends in a slash names the folder itself.
  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else {
      return (".", path.isEmpty ? "." : path)
    }
    let name = path[path.utf8.index(after: slash)...]
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), name.isEmpty ? "." : String(name))
  }
}
