extension Array where Element: Equatable {
  /// The element `count` places after `element`, round and round; the first one when `element` is
  /// not there, and itself when there are none.
  func element(_ count: Int, after element: Element) -> Element {
    guard let here = firstIndex(of: element) else { return first ?? element }
    return self[((here + count) % self.count + self.count) % self.count]
  }
}
