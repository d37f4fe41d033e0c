import Layers
import Testing
import TestSupport

@Suite struct ConformanceTests {
  /// The registry is enumerated, so a new layer cannot be forgotten.
  @Test(arguments: LayerRegistry.all.map { $0.kind })
  func everyLayerKeepsTheContract(kind: String) throws {
    let type = try #require(LayerRegistry.all.first { $0.kind == kind })
    try checkLayer(type)
  }

  @Test func kindsAreDifferentAndSayWhatTheyDo() {
    let kinds = LayerRegistry.all.map { $0.kind }
    #expect(Set(kinds).count == kinds.count)
    #expect(LayerRegistry.all.allSatisfy { !$0.summary.isEmpty })
  }
}
