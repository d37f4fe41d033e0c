/// Reads ZIP archives, as far as .npz files need: stored and deflated members, ZIP64.
///
/// Everything is taken from the central directory at the end of the file: NumPy leaves the sizes out
/// of the local headers. Every member's CRC-32 is checked. Archives that are encrypted, split over
/// files, or whose members overlap are refused, and so are members that grow more than a hundredfold
/// beyond 64 MiB.
///
/// Format: APPNOTE.TXT 6.3.10, PKWARE.
public struct ZipArchive: Sendable {
  /// A file in the archive.
  struct Member: Sendable, Equatable {
    /// Its name, as it stands there.
    let name: String
    /// How it is stored: 0 as it is, 8 deflated.
    let method: Int
    /// The CRC-32 of its content.
    let checksum: UInt32
    /// Its bytes in the archive.
    let packed: Int
    /// The bytes of its content.
    let size: Int
    /// Where its local header begins.
    let offset: Int
  }

  /// Most members that are read.
  static let memberLimit = 4096
  /// Bytes that a member may always grow to; beyond them, to a hundred times what is stored.
  static let freeSize = 64 << 20

  /// What messages call the archive, in quotes.
  let name: String
  /// The members in the order of the directory.
  let members: [Member]
  private let bytes: [UInt8]

  /// The archive in `bytes`; messages call it `name`.
  init(_ bytes: [UInt8], name: String) throws(FormatError) {
    self.bytes = bytes
    self.name = SafeText.quoted(name)
    members = try ZipDirectory(bytes, name: self.name).members()
    try checkOverlaps()
  }

  /// The content of `member`.
  func content(of member: Member) throws(FormatError) -> [UInt8] {
    let shown = SafeText.quoted(member.name, limit: 60)
    var header = ByteCursor(bytes, at: member.offset, owner: "\(name)")
    guard try header.integer(4) == 0x0403_4B50 else {
      throw .badData("\(name) has no member where its directory says \(shown) is.")
    }
    header.skip(22)
    let lengths = (try header.integer(2), try header.integer(2))
    header.skip(lengths.0 + lengths.1)
    let packed = try header.bytes(member.packed)
    guard
      member.size <= Self.freeSize || member.size / 100 <= member.packed
    else {
      throw .badData(
        "\(name) says that \(shown) grows from \(member.packed) to \(byteText(member.size)), more than "
          + "a hundredfold. Save it without compression.")
    }
    let content: [UInt8]
    switch member.method {
    case 0: content = Array(packed)
    case 8:
      try AvailableMemory.require(2 * member.size, for: "Reading \(name)")
      guard let unpacked = Inflate.unpack(packed, to: member.size) else {
        throw .badData("\(name) has broken data in \(shown). Copy it again.")
      }
      content = unpacked
    default:
      throw .badData(
        "\(name) has \(shown) packed by method \(member.method); 0 (stored) and 8 (deflate) can be "
          + "read.")
    }
    guard content.count == member.size, Inflate.checksum(content) == member.checksum else {
      throw .badData("\(name) has \(shown) with a wrong checksum. Copy it again.")
    }
    return content
  }

  /// Members that share bytes are how a small file grows without an end.
  private func checkOverlaps() throws(FormatError) {
    let places = members.map { $0.offset..<$0.offset + 30 + $0.packed }
      .sorted { $0.lowerBound < $1.lowerBound }
    for (place, next) in zip(places, places.dropFirst()) where next.lowerBound < place.upperBound {
      throw .badData("\(name) has members that overlap. It was made to do harm: leave it.")
    }
  }
}

/// The directory at the end of an archive.
private struct ZipDirectory {
  let bytes: [UInt8]
  let name: String

  init(_ bytes: [UInt8], name: String) {
    self.bytes = bytes
    self.name = name
  }

  func members() throws(FormatError) -> [ZipArchive.Member] {
    let (count, start, size) = try end()
    guard count <= ZipArchive.memberLimit else {
      throw .badData("\(name) may have \(ZipArchive.memberLimit) members, got \(count).")
    }
    var cursor = ByteCursor(bytes, at: start, owner: name)
    var members: [ZipArchive.Member] = []
    for _ in 0..<count { members.append(try member(&cursor)) }
    guard cursor.position == start + size else {
      throw .badData("\(name) has a directory of another size than it says. Copy it again.")
    }
    return members
  }

  /// The number of members, and where the directory is.
  private func end() throws(FormatError) -> (count: Int, start: Int, size: Int) {
    let place = bytes.indices.dropLast(21).reversed().prefix(65_536).first {
      bytes[$0...].starts(with: [0x50, 0x4B, 5, 6])
    }
    guard let place else {
      throw .badData("\(name) is not a ZIP archive, or was cut short: copy it again.")
    }
    var cursor = ByteCursor(bytes, at: place + 4, owner: name)
    let disks = (try cursor.integer(2), try cursor.integer(2))
    var found = (
      here: try cursor.integer(2), count: try cursor.integer(2), size: try cursor.integer(4),
      start: try cursor.integer(4)
    )
    guard disks == (0, 0), found.here == found.count else {
      throw .badData("\(name) is one part of an archive in several files. Join them first.")
    }
    if found.count == 0xFFFF || found.size == 0xFFFF_FFFF || found.start == 0xFFFF_FFFF {
      var locator = ByteCursor(bytes, at: place - 20, owner: name)
      guard place >= 20, try locator.integer(4) == 0x0706_4B50 else {
        throw .badData("\(name) needs a ZIP64 directory, got none. Copy it again.")
      }
      locator.skip(4)
      var record = ByteCursor(bytes, at: try locator.integer(8), owner: name)
      guard try record.integer(4) == 0x0606_4B50 else {
        throw .badData("\(name) needs a ZIP64 directory, got none. Copy it again.")
      }
      record.skip(20)
      found.here = try record.integer(8)
      found.count = try record.integer(8)
      found.size = try record.integer(8)
      found.start = try record.integer(8)
    }
    let (directoryEnd, overflow) = found.start.addingReportingOverflow(found.size)
    guard !overflow, directoryEnd <= place else {
      throw .badData("\(name) says its directory is beyond its end. Copy it again.")
    }
    return (found.count, found.start, found.size)
  }

  private func member(_ cursor: inout ByteCursor) throws(FormatError) -> ZipArchive.Member {
    guard try cursor.integer(4) == 0x0201_4B50 else {
      throw .badData("\(name) has a broken directory. Copy it again.")
    }
    cursor.skip(4)
    let flags = try cursor.integer(2)
    let method = try cursor.integer(2)
    cursor.skip(4)
    let checksum = UInt32(truncatingIfNeeded: try cursor.integer(4))
    var sizes = [try cursor.integer(4), try cursor.integer(4)]  // packed, content
    let lengths = (try cursor.integer(2), try cursor.integer(2), try cursor.integer(2))
    cursor.skip(8)
    var offset = try cursor.integer(4)
    let name = String(decoding: try cursor.bytes(lengths.0), as: UTF8.self)
    let extra = try cursor.bytes(lengths.1)
    cursor.skip(lengths.2)
    guard flags & 1 == 0 else {
      throw .badData(
        "\(self.name) has \(SafeText.quoted(name, limit: 60)) encrypted. Save it without a password."
      )
    }
    // What does not fit in 32 bits stands in the extra field 0x0001, in this order.
    var wide = try wideFields(extra)
    if sizes[1] == 0xFFFF_FFFF { sizes[1] = try next(&wide) }
    if sizes[0] == 0xFFFF_FFFF { sizes[0] = try next(&wide) }
    if offset == 0xFFFF_FFFF { offset = try next(&wide) }
    guard sizes.allSatisfy({ $0 >= 0 }), sizes[0] <= bytes.count, offset <= bytes.count else {
      throw .badData(
        "\(self.name) says that \(SafeText.quoted(name, limit: 60)) lies beyond its end. Copy it again."
      )
    }
    return ZipArchive.Member(
      name: name, method: method, checksum: checksum, packed: sizes[0], size: sizes[1],
      offset: offset)
  }

  private func wideFields(_ extra: ArraySlice<UInt8>) throws(FormatError) -> [Int] {
    var cursor = ByteCursor(Array(extra), at: 0, owner: name)
    while cursor.position + 4 <= extra.count {
      let (kind, length) = (try cursor.integer(2), try cursor.integer(2))
      guard kind == 1 else {
        cursor.skip(length)
        continue
      }
      var fields: [Int] = []
      for _ in 0..<length / 8 { fields.append(try cursor.integer(8)) }
      return fields
    }
    return []
  }

  private func next(_ fields: inout [Int]) throws(FormatError) -> Int {
    guard !fields.isEmpty else {
      throw .badData("\(name) has a broken directory. Copy it again.")
    }
    return fields.removeFirst()
  }
}

/// Reads integers, least significant byte first, and never past the end.
private struct ByteCursor {
  private let bytes: [UInt8]
  private let owner: String
  private(set) var position: Int

  init(_ bytes: [UInt8], at position: Int, owner: String) {
    self.bytes = bytes
    self.owner = owner
    self.position = position
  }

  mutating func integer(_ count: Int) throws(FormatError) -> Int {
    var value: UInt64 = 0
    for byte in try bytes(count).reversed() { value = value << 8 | UInt64(byte) }
    guard let whole = Int(exactly: value) else { throw cut }
    return whole
  }

  mutating func bytes(_ count: Int) throws(FormatError) -> ArraySlice<UInt8> {
    guard position >= 0, count >= 0, position <= bytes.count, count <= bytes.count - position else {
      throw cut
    }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func skip(_ count: Int) {
    let (next, overflow) = position.addingReportingOverflow(count)
    position = overflow ? .max : next
  }

  private var cut: FormatError {
    .badData("\(owner) was cut short: copy it again.")
  }
}
