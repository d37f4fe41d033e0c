/// Reads and writes safetensors, the file format of weights and checkpoints.
///
/// A file is the length of its header (8 bytes), the header in JSON, and the values. We read it more
/// strictly than the reference does and add two checksums to the metadata, of the values
/// (`crc32c`) and of everything else (`crc32c_header`), so that damage is an error and never other
/// weights. Any other program reads our files and ignores them.
///
/// Format: github.com/huggingface/safetensors.
public enum SafeTensors {
  /// Bytes that a header may have at most, as in the reference implementation.
  static let headerLimit = 100_000_000

  /// Arrays that a file may have at most.
  static let tensorLimit = 100_000

  /// Bytes of UTF-8 that the name of an array may have at most.
  static let nameLimit = 1024

  static let checksumKey = "crc32c"
  static let headerChecksumKey = "crc32c_header"

  /// Reads the file at `path`, at most `limit` bytes (4 GiB).
  public static func read(_ path: String, limit: Int = 4 << 30) throws(FormatError) -> TensorFile {
    try decode(try BoundedReader(path: path, limit: limit, noun: "safetensors file"))
  }

  /// Reads the content `bytes` of a file; messages call it `name`.
  public static func decode(_ bytes: [UInt8], name: String) throws(FormatError) -> TensorFile {
    try decode(BoundedReader(bytes, name: name))
  }

  /// Replaces the file at `path` by `file`; see `AtomicFile` for what that promises.
  public static func write(_ file: TensorFile, to path: String) throws(FormatError) {
    try AtomicFile.write(try encode(file), to: path)
  }

  /// Whether `name` may name an array: 1 to 1,024 bytes without control characters.
  static func isValid(name: String) -> Bool {
    (1...nameLimit).contains(name.utf8.count) && name != metadataKey
      && !name.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }

  static let metadataKey = "__metadata__"
}
