import Engine
import Foundation
import Testing

/// The largest difference of two tensors' elements, relative to the largest element of `expected`;
/// infinite where shapes differ or a number is not finite.
public func relativeError(_ found: Tensor, _ expected: Tensor) -> Double {
  guard found.shape == expected.shape else { return .infinity }
  var (difference, size) = (0.0, 0.0)
  for (a, b) in zip(found.scalars, expected.scalars) {
    guard a.isFinite && b.isFinite else { return .infinity }
    difference = max(difference, abs(Double(a) - Double(b)))
    size = max(size, abs(Double(b)))
  }
  return difference == 0 ? 0 : difference / max(size, 1e-30)
}

/// Expects `found` within `tolerance` of `expected`, relative to its largest element.
public func expectClose(
  _ found: Tensor?, _ expected: Tensor?, within tolerance: Double, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let found, let expected else {
    #expect(
      found == nil && expected == nil, "\(what) exists on one side only",
      sourceLocation: sourceLocation)
    return
  }
  let error = relativeError(found, expected)
  #expect(
    error <= tolerance, "\(what) \(found.shape) against \(expected.shape)",
    sourceLocation: sourceLocation)
}

/// Expects the same shape and the same bits.
public func expectSameBits(
  _ found: Tensor, _ expected: Tensor, _ what: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let same = bytes(of: found) == bytes(of: expected)
  #expect(same && found.shape == expected.shape, "\(what) differs", sourceLocation: sourceLocation)
}

private func bytes(of tensor: Tensor) -> Data { tensor.scalars.withUnsafeBytes { Data($0) } }
