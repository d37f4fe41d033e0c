import CZlib

/// Unpacks deflated data and sums CRC-32, both by zlib.
enum Inflate {
  /// The `size` bytes that the raw deflate stream `packed` holds; nil when it is broken, ends too
  /// early or holds more.
  static func unpack(_ packed: ArraySlice<UInt8>, to size: Int) -> [UInt8]? {
    // zlib only reads its input, but its interface is older than `const`.
    var input = Array(packed)
    var isWhole = false
    let output = [UInt8](unsafeUninitializedCapacity: size + 1) { buffer, filled in
      input.withUnsafeMutableBufferPointer { source in
        isWhole = run(from: source, to: buffer, &filled)
      }
    }
    // One byte more was allowed, so that a stream that is longer than it says is seen.
    return isWhole && output.count == size ? output : nil
  }

  private static func run(
    from source: UnsafeMutableBufferPointer<UInt8>, to buffer: UnsafeMutableBufferPointer<UInt8>,
    _ filled: inout Int
  ) -> Bool {
    var stream = z_stream()
    guard
      inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return false }
    defer { inflateEnd(&stream) }
    var read = 0
    while true {
      let (left, room) = (source.count - read, buffer.count - filled)
      // zlib counts in 32 bits.
      stream.next_in = source.baseAddress.map { $0 + read }
      stream.avail_in = UInt32(min(left, 1 << 30))
      stream.next_out = buffer.baseAddress.map { $0 + filled }
      stream.avail_out = UInt32(min(room, 1 << 30))
      let (given, space) = (Int(stream.avail_in), Int(stream.avail_out))
      let status = inflate(&stream, Z_NO_FLUSH)
      read += given - Int(stream.avail_in)
      filled += space - Int(stream.avail_out)
      if status == Z_STREAM_END { return read == source.count }
      let moved = given != Int(stream.avail_in) || space != Int(stream.avail_out)
      guard status == Z_OK, moved else { return false }
    }
  }

  /// The CRC-32 of `bytes`, as ZIP archives have it.
  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { buffer in
      UInt32(truncatingIfNeeded: crc32_z(0, buffer.baseAddress, buffer.count))
    }
  }
}
