/// The CRC-32C checksum (Castagnoli, reflected polynomial 0x82F63B78).
///
/// The same sum that TensorBoard, iSCSI and ext4 use: `CRC32C.of("123456789")` is `e3069283`.
public struct CRC32C: Sendable {
  private var state: UInt32 = .max

  /// Starts a checksum of nothing.
  public init() {}

  /// The checksum of all bytes so far.
  public var value: UInt32 { ~state }

  /// The checksum as eight lower-case hexadecimal digits.
  public var hexadecimal: String { Self.hexadecimal(value) }

  /// Adds `bytes`.
  public mutating func update(_ bytes: some Collection<UInt8>) {
    var crc = state
    let done: Void? = bytes.withContiguousStorageIfAvailable { buffer in
      crc = Self.advance(crc, over: buffer.span.bytes)
    }
    if done == nil {
      for byte in bytes { crc = crc >> 8 ^ Self.table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] }
    }
    state = crc
  }

  /// The checksum of `bytes`.
  public static func of(_ bytes: some Collection<UInt8>) -> UInt32 {
    var sum = CRC32C()
    sum.update(bytes)
    return sum.value
  }

  /// `value` as eight lower-case hexadecimal digits.
  static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// Eight bytes at a time with eight tables ("slicing by 8"), then the rest one by one.
  private static func advance(_ start: UInt32, over bytes: RawSpan) -> UInt32 {
    let table = table.span
    var crc = start
    var offset = 0
    while offset + 8 <= bytes.byteCount {
      let word = bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian
      let x = word ^ UInt64(crc)
      crc = table[1792 + Int(x & 255)] ^ table[1536 + Int(x >> 8 & 255)]
      crc ^= table[1280 + Int(x >> 16 & 255)] ^ table[1024 + Int(x >> 24 & 255)]
      crc ^= table[768 + Int(x >> 32 & 255)] ^ table[512 + Int(x >> 40 & 255)]
      crc ^= table[256 + Int(x >> 48 & 255)] ^ table[Int(x >> 56)]
      offset += 8
    }
    while offset < bytes.byteCount {
      let byte = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
      crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ byte)]
      offset += 1
    }
    return crc
  }

  /// Eight tables of 256: table `k` holds the sum of a byte followed by `k` zero bytes.
  private static let table: [UInt32] = {
    var table = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1 }
      table[byte] = crc
    }
    for index in 256..<8 * 256 {
      let before = table[index - 256]
      table[index] = before >> 8 ^ table[Int(before & 255)]
    }
    return table
  }()
}
