import Testing

@testable import Formats

@Test func checksumMatchesThePublishedVectors() {
  #expect(CRC32C.of("123456789".utf8) == 0xE306_9283)
  #expect(CRC32C.of([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
  #expect(CRC32C.of([UInt8](repeating: 255, count: 32)) == 0x62A8_AB43)
  #expect(CRC32C.of([]) == 0)
}

@Test func checksumOfPiecesIsThatOfTheWhole() {
  let bytes = (0..<100).map { UInt8($0) }
  for cut in bytes.indices {
    var sum = CRC32C()
    sum.update(bytes[..<cut])
    sum.update(bytes[cut...].lazy.map { $0 })
    #expect(sum.value == CRC32C.of(bytes))
  }
}

@Test func checksumIsWrittenWithAllItsDigits() {
  #expect(CRC32C().hexadecimal == "00000000")
  #expect(CRC32C.hexadecimal(0xA5) == "000000a5")
}
