import CKernels
import Testing

@Suite struct InstructionSetTests {
  @Test func everyMachineHasTheBaseline() {
    #expect(InstructionSet.all.first?.name == "baseline")
    #expect(ck_isa_select("sse9") == nil)
    #expect(ck_isa_select(nil) == InstructionSet.all.last?.pointer)
  }

  @Test(arguments: InstructionSet.all)
  func aSetSaysItsNameAndItsWidth(_ set: InstructionSet) {
    #expect(String(cString: ck_isa_name(set.pointer)) == set.name)
    #expect(set.lanes == ["baseline": 4, "avx2": 8, "avx512": 16][set.name])
    #expect(set.panelWidth % set.lanes == 0)
  }

  @Test func denormalNumbersAreFlushedUntilRestored() {
    let tiny = Floats([.leastNormalMagnitude])
    let out = Floats(count: 1)
    func half() -> Float {
      ck_affine(ck_isa_select(nil), tiny.pointer, 0.5, 0, out.pointer, 1)
      return out.pointer[0]
    }
    #expect(half() > 0)
    let state = ck_float_flush_denormals()
    let flushed = half()
    ck_float_restore(state)
    #expect(flushed == 0)
    #expect(half() > 0)
  }
}
