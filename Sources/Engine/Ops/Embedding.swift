extension Tensor {
  /// The rows of a table that whole numbers name: ids `[…]` and a table `[V, E]` give `[…, E]`.
  ///
  /// Ids are floats that hold whole numbers, exact up to 2²⁴. The gradient of a row is the sum
  /// over the places that used it, in their order; that of row `fixed` is 0.
  public func embedded(in table: Parameter, fixed: Int? = nil) -> Tensor {
    let weight = table.beside(self)
    let (vocabulary, width) = (weight.shape[0], weight.shape[1])
    let rows = scalars.map { id in
      precondition(id >= 0 && id < Float(vocabulary), "An id is inside the vocabulary.")
      return Int(id)
    }
    let result = Tensor(uninitialized: Shape(shape.dimensions + [width]))
    for (place, row) in rows.enumerated() {
      (result.base + place * width).update(from: weight.base + row * width, count: width)
    }
    return Tape.record([weight], to: result) { dy in
      let gradient = Tensor.zeros([vocabulary, width])
      for (place, row) in rows.enumerated() where row != fixed {
        let (from, into) = (dy.base + place * width, gradient.base + row * width)
        for column in 0..<width { into[column] += from[column] }
      }
      return [gradient]
    }
  }
}
