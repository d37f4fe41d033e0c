import Testing

@testable import Engine

@Suite struct KernelProfileTests {
  /// In a process of its own, because counts belong to the whole process.
  @Test func callsAreCountedBetweenBeginAndEndOnly() async {
    await #expect(processExitsWith: .success) {
      Workers.threads = 1
      let a = Tensor.ones([8, 8])
      _ = a.product(a)
      #expect(KernelProfile.end().isEmpty)
      KernelProfile.begin()
      for _ in 0..<3 { _ = a.product(a) }
      let counts = KernelProfile.end()
      _ = a.product(a)
      #expect(counts.map(\.kernel) == [.product, .packing])
      #expect(counts.map(\.calls) == [3, 3])
      #expect(counts.allSatisfy { $0.milliseconds > 0 && $0.milliseconds < 1000 })
      KernelProfile.begin()
      #expect(KernelProfile.end().isEmpty)
    }
  }
}
