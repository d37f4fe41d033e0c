/// Reads and writes .npy, the file format of one array in NumPy.
///
/// Versions 1.0 to 3.0 are read, with numbers of either byte order and arrays in either memory
/// order; version 1.0 is written. Objects, text and records are refused.
///
/// Format: `numpy.lib.format`.
public enum NumPy {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// Bytes that a header may have at most, as in NumPy itself.
  static let headerLimit = 10_000

  /// Reads the file at `path`, at most `limit` bytes (4 GiB).
  public static func read(_ path: String, limit: Int = 4 << 30) throws(FormatError) -> NumericArray
  {
    try decode(try BoundedReader(path: path, limit: limit, noun: ".npy file"), arrayName: path)
  }

  /// Reads the content `bytes` of a file; messages call it `name`.
  public static func decode(_ bytes: [UInt8], name: String) throws(FormatError) -> NumericArray {
    try decode(BoundedReader(bytes, name: name), arrayName: name)
  }

  /// Replaces the file at `path` by `array`; see `AtomicFile` for what that promises.
  public static func write(_ array: NumericArray, to path: String) throws(FormatError) {
    try AtomicFile.write(try encode(array), to: path)
  }

  /// The bytes of a file that holds `array`. NumPy has no bfloat16: convert it to float32 first.
  public static func encode(_ array: NumericArray) throws(FormatError) -> [UInt8] {
    guard let code = codes.first(where: { $0.value == array.type })?.key else {
      throw .badData("A .npy file cannot hold type \(array.type.rawValue). Convert it to F32.")
    }
    let order = array.type.byteCount == 1 ? "|" : "<"
    var header = Array(NumPyHeader.text(descriptor: order + code, shape: array.shape).utf8)
    let used = magic.count + 4 + header.count + 1
    header += repeatElement(UInt8(ascii: " "), count: (64 - used % 64) % 64)
    header.append(UInt8(ascii: "\n"))
    let length = [UInt8(header.count & 255), UInt8(header.count >> 8)]
    return magic + [1, 0] + length + header + array.bytes
  }

  private static let codes: [String: ScalarType] = [
    "b1": .bool, "u1": .uint8, "i1": .int8, "u2": .uint16, "i2": .int16, "u4": .uint32,
    "i4": .int32, "u8": .uint64, "i8": .int64, "f2": .float16, "f4": .float32, "f8": .float64,
  ]

  private static func decode(
    _ source: BoundedReader, arrayName: String
  ) throws(FormatError) -> NumericArray {
    var reader = source
    let header = try readHeader(&reader)
    let (type, isBigEndian) = try type(header.descriptor, name: reader.name)
    let count: Int
    switch ShapeLimits.byteCount(of: header.shape, type) {
    case .success(let bytes): count = bytes
    case .failure(let problem): throw .badData("\(reader.name) has \(problem.text).")
    }
    guard count == reader.remaining else {
      let cure = count > reader.remaining ? " It was cut short: copy it again." : ""
      throw .badData(
        "\(reader.name) has \(byteText(reader.remaining)) of values; its shape "
          + "\(header.shape) needs \(count).\(cure)")
    }
    var bytes = try reader.readRest()
    let width = type.byteCount
    if isBigEndian { reverseEach(width, in: &bytes) }
    if header.fortranOrder, header.shape.count > 1 {
      bytes = rowMajor(bytes, width: width, shape: header.shape)
    }
    return NumericArray(arrayName, type, shape: header.shape, bytes: bytes[...])
  }

  private static func readHeader(
    _ reader: inout BoundedReader
  ) throws(FormatError) -> NumPyHeader {
    let start = try reader.read(8, promise: "a .npy file needs at least")
    guard start.starts(with: magic) else {
      throw .badData("\(reader.name) is not a .npy file: it does not start with \\x93NUMPY.")
    }
    guard (1...3).contains(start[6]), start[7] == 0 else {
      throw .badData(
        "\(reader.name) has version \(start[6]).\(start[7]); versions 1.0 to 3.0 can be read.")
    }
    let length =
      start[6] == 1
      ? Int(try reader.readInteger(as: UInt16.self, promise: "its version needs at least"))
      : Int(try reader.readInteger(as: UInt32.self, promise: "its version needs at least"))
    guard length <= headerLimit else {
      throw .badData(
        "\(reader.name) says its header has \(length) bytes; at most \(headerLimit) can be read.")
    }
    let bytes = try reader.read(length, promise: "its header says")
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .badData("\(reader.name) has a header that is not valid UTF-8.")
    }
    do throws(NumPyHeader.Problem) {
      return try NumPyHeader(parsing: text)
    } catch {
      throw .badData("\(reader.name) has a broken header: \(error.text).")
    }
  }

  private static func type(
    _ descriptor: String, name: String
  ) throws(FormatError) -> (ScalarType, isBigEndian: Bool) {
    let order = descriptor.prefix(1)
    let code = String(descriptor.dropFirst())
    if descriptor.contains("O") {
      throw .badData(
        "\(name) holds Python objects, which could run code when read. "
          + "Save it as numbers, such as array.astype('float32').")
    }
    guard let type = codes[code], (type.byteCount == 1 ? "|" : "<>").contains(order) else {
      throw .badData(
        "\(name) has type \(SafeText.quoted(descriptor)), which cannot be read. "
          + "Save it as numbers, such as array.astype('float32').")
    }
    return (type, order == ">")
  }

  private static func reverseEach(_ width: Int, in bytes: inout [UInt8]) {
    for start in stride(from: 0, to: bytes.count, by: width) {
      bytes[start..<start + width].reverse()
    }
  }

  /// The values of an array whose first axis changes fastest, with its last axis fastest.
  private static func rowMajor(_ bytes: [UInt8], width: Int, shape: [Int]) -> [UInt8] {
    var stride = width
    var strides: [Int] = []  // of the source, in bytes
    for length in shape {
      strides.append(stride)
      stride *= length
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var place = [Int](repeating: 0, count: shape.count)
    var offset = 0
    while result.count < bytes.count {
      result += bytes[offset..<offset + width]
      var axis = shape.count - 1
      while axis >= 0 {
        place[axis] += 1
        offset += strides[axis]
        if place[axis] < shape[axis] { break }
        offset -= strides[axis] * shape[axis]
        place[axis] = 0
        axis -= 1
      }
    }
    return result
  }
}
