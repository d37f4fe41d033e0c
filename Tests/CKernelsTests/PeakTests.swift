import CKernels
import Testing

@Suite struct PeakTests {
  @Test(arguments: InstructionSet.all)
  func everyChainDoesEveryRound(set: InstructionSet) {
    var start: Float = 0
    #expect(ck_multiply_adds(set.pointer, 0, 0.5, 1, &start) == 0)
    // Chain i begins at i and every round adds 1: the sum grows by the lanes of all chains.
    var sum: Float = 0
    let operations = ck_multiply_adds(set.pointer, 10, 1, 1, &sum)
    #expect(Double(sum - start) == operations / 2)
    #expect(operations >= Double(2 * 10 * 8 * set.lanes))
    // x = x / 2 + 1 goes to 2 from anywhere.
    _ = ck_multiply_adds(set.pointer, 100, 0.5, 1, &sum)
    #expect(Double(sum) == 2 * operations / 20)
  }
}
