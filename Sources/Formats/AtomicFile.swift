import Glibc
import Synchronization

/// Saves files so that a crash at any moment leaves the old content or the new, never a mixture.
public enum AtomicFile {
  /// Replaces the file at `path` by `bytes`, durably: when this returns, they are on the device.
  ///
  /// The bytes go to a temporary file in the same folder, which is synced and then renamed over the
  /// target; last the folder is synced. A symbolic link is followed once to a regular file; any
  /// other target than a regular file is refused. An existing file keeps its permissions, a new one
  /// gets `permissions`. After a failure the old file is as it was and the temporary is gone.
  public static func write(
    _ bytes: [UInt8], to path: String, permissions: UInt32 = 0o600
  ) throws(FormatError) {
    let target = try SaveTarget(path)
    let temporary = Temporary(for: target.name)
    do throws(SystemFailure) {
      try temporary.write(
        bytes, in: target.folder, permissions: target.permissions ?? mode_t(permissions))
      try temporary.rename(to: target.name, in: target.folder)
    } catch {
      throw failure(path, error, replaces: target.permissions != nil)
    }
    do throws(SystemFailure) {
      try target.folder.synchronize()
    } catch  where error.code == EINVAL || error.code == ENOTSUP {
      // Some network file systems cannot sync folders; there is nothing more to do on them.
    } catch {
      throw FormatError(
        .inputOutput,
        "\(SafeText.quoted(path)) was saved, but its folder could not be synced: \(error.text). "
          + "A power failure now may lose it: save again.")
    }
  }

  /// Replaces the file at `path` by `text` in UTF-8; see `write(_:to:permissions:)`.
  public static func write(
    _ text: String, to path: String, permissions: UInt32 = 0o600
  ) throws(FormatError) {
    try write(Array(text.utf8), to: path, permissions: permissions)
  }

  /// Removes the temporaries in `folder` whose process has died, and returns their names.
  ///
  /// Hold the run's lock: a process on another machine looks dead from here.
  @discardableResult
  public static func removeStaleTemporaries(in folder: String) throws(FormatError) -> [String] {
    let names: [String]
    let directory: Descriptor
    do throws(SystemFailure) {
      directory = try Descriptor(open: folder, O_RDONLY | O_DIRECTORY)
      names = try Directory.names(in: folder)
    } catch {
      throw FormatError(
        .inputOutput, "Cannot list folder \(SafeText.quoted(folder)): \(error.text).")
    }
    var removed: [String] = []
    for name in names where Temporary.isStale(name) {
      do throws(SystemFailure) {
        try directory.remove(name)
        removed.append(name)
      } catch {
        throw FormatError(
          .inputOutput,
          "Cannot remove \(SafeText.quoted(name)) in \(SafeText.quoted(folder)): \(error.text).")
      }
    }
    return removed
  }

  /// The message for a save that failed.
  static func failure(_ path: String, _ failure: SystemFailure, replaces: Bool) -> FormatError {
    let kept = replaces ? " The file that was there is unchanged." : ""
    let start = "Cannot save \(SafeText.quoted(path)): \(failure.text).\(kept)"
    return switch failure.code {
    case ENOSPC, EDQUOT: FormatError(.inputOutput, start + " Free some space and save again.")
    case EACCES, EPERM, EROFS:
      FormatError(.notPermitted, start + " Choose a place that you may write to.")
    case ENOENT: FormatError(.cannotCreate, start + " Create its folder first.")
    case ENOTDIR, ENAMETOOLONG, ELOOP, EISDIR:
      FormatError(.cannotCreate, start + " Choose another name.")
    default: FormatError(.inputOutput, start)
    }
  }
}
