/// Reads .npz, the file format of several arrays in NumPy: a ZIP archive of .npy files.
///
/// What `numpy.savez` and `numpy.savez_compressed` write is read; anything that could run code is
/// refused, as in .npy files.
public enum NumPyArchive {
  /// Reads the arrays of the file at `path`, at most `limit` bytes (4 GiB), in their order; an array's
  /// name is its member's without `.npy`.
  public static func read(
    _ path: String, limit: Int = 4 << 30
  ) throws(FormatError) -> [NumericArray] {
    var reader = try BoundedReader(path: path, limit: limit, noun: ".npz file")
    return try decode(try reader.readRest(), name: path)
  }

  /// Reads the content `bytes` of a file; messages call it `name`.
  public static func decode(_ bytes: [UInt8], name: String) throws(FormatError) -> [NumericArray] {
    let archive = try ZipArchive(bytes, name: name)
    var arrays: [NumericArray] = []
    var names: Set<String> = []
    for member in archive.members {
      guard member.name.hasSuffix(".npy") else {
        throw .badData(
          "\(archive.name) has \(SafeText.quoted(member.name, limit: 60)), which is no .npy file. "
            + "Save it by numpy.savez.")
      }
      let key = String(member.name.dropLast(4))
      guard names.insert(key).inserted else {
        throw .badData("\(archive.name) has \(SafeText.quoted(member.name, limit: 60)) twice.")
      }
      var array = try NumPy.decode(
        try archive.content(of: member), name: "\(name): \(member.name)")
      array.name = key
      arrays.append(array)
    }
    return arrays
  }
}
