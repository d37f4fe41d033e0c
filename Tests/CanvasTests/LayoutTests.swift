import Testing

@testable import Canvas

@Suite struct LayoutTests {
  @Test func spareRoomIsSharedByWeight() {
    let parts = Rect(width: 100, height: 10).columns([
      .fixed(10), .flexible(minimum: 20, weight: 2), .flexible(minimum: 20, weight: 1),
    ])
    #expect(parts.map { $0?.width } == [10, 54, 36])
    #expect(parts.map { $0?.x } == [0, 10, 64])
  }

  @Test func theLowestPriorityIsDroppedRatherThanSqueezed() {
    let slots: [Slot] = [
      .flexible(minimum: 10, priority: 3), .flexible(minimum: 8, priority: 1),
      .fixed(5, priority: 2),
    ]
    #expect(Rect.sizes(slots, in: 23) == [10, 8, 5])
    #expect(Rect.sizes(slots, in: 22) == [17, nil, 5])
    #expect(Rect.sizes(slots, in: 14) == [14, nil, nil])
    #expect(Rect.sizes(slots, in: 9) == [nil, nil, nil])
  }

  @Test func nothingGrowsPastItsMaximum() {
    #expect(Rect.sizes([.flexible(maximum: 4), .flexible(weight: 1)], in: 20) == [4, 16])
    #expect(Rect.sizes([.flexible(maximum: 4)], in: 20) == [4])
  }

  @Test func splitsCoverTheRectangleWithoutOverlap() {
    var random = TestRandom(seed: 5)
    for _ in 0..<2_000 {
      let slots = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        Slot.flexible(
          minimum: .random(in: -2...30, using: &random), weight: .random(in: 0...3, using: &random),
          priority: .random(in: 0...2, using: &random))
      }
      let rect = Rect(x: 3, y: 4, width: .random(in: 0...90, using: &random), height: 5)
      var end = rect.x
      for (part, slot) in zip(rect.columns(slots), slots) {
        guard let part else { continue }
        #expect(part.x == end && part.width >= slot.minimum && part.height == 5)
        end = part.endX
      }
      #expect(end <= rect.endX)
    }
  }

  @Test func centeredRectanglesNeverExceedTheirHome() {
    #expect(
      Rect(x: 2, y: 2, width: 10, height: 6).centered(width: 4, height: 99)
        == Rect(x: 5, y: 2, width: 4, height: 6))
  }
}
