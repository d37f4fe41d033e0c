import CKernels
import Testing

private func philox(_ key: [UInt32], _ counter: [UInt32]) -> [UInt32] {
  var out = [UInt32](repeating: 0, count: 4)
  ck_philox(key, counter, &out)
  return out
}

@Suite struct RandomTests {
  /// The known answers of Random123 (kat_vectors, philox4x32 10).
  @Test func philoxGivesTheKnownAnswers() {
    #expect(
      philox([0, 0], [0, 0, 0, 0]) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
    let ones = UInt32.max
    #expect(
      philox([ones, ones], [ones, ones, ones, ones])
        == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
    #expect(
      philox(
        [0xa409_3822, 0x299f_31d0], [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344])
        == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
  }

  @Test(arguments: InstructionSet.all)
  func uniformNumbersAreTheWordsOfTheStream(_ set: InstructionSet) {
    let (key, stream) = (UInt64(0x0123_4567_89AB_CDEF), UInt64(0xFEDC_BA98_7654_3210))
    // The last range crosses a carry into the high word of the counter.
    let carry = 4 << 32
    for range in [0..<1, 0..<64, 3..<7, 5..<203, 127..<128, 9..<9, carry - 9..<carry + 70] {
      let out = Floats(count: range.count)
      ck_uniform(set.pointer, key, stream, range.lowerBound, range.upperBound, out.pointer)
      let expected = range.map { element -> Float in
        let block = UInt64(element / 4)
        let words = philox(
          [UInt32(truncatingIfNeeded: key), UInt32(key >> 32)],
          [
            UInt32(truncatingIfNeeded: block), UInt32(block >> 32),
            UInt32(truncatingIfNeeded: stream), UInt32(stream >> 32),
          ])
        return Float(words[element % 4] >> 8) / Float(1 << 24)
      }
      #expect(out.values == expected, "\(range)")
    }
  }

  @Test(arguments: InstructionSet.all)
  func dropoutKeepsWhatTheUniformNumbersSay(_ set: InstructionSet) {
    let (u, mask) = (Floats(count: 1001), Floats(count: 1001))
    ck_uniform(set.pointer, 42, 7, 13, 1014, u.pointer)
    for rate in [Float(0), 0.1, 0.5, 0.9, 1] {
      ck_dropout_mask(set.pointer, 42, 7, rate, 13, 1014, mask.pointer)
      #expect(mask.values == u.values.map { $0 < rate ? 0 : 1 / (1 - rate) }, "\(rate)")
    }
  }
}
