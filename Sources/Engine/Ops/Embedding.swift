import CKernels

extension Tensor {
  /// The rows of a table that whole numbers name: ids `[…]` and a table `[V, E]` give `[…, E]`.
  ///
  /// Ids are floats that hold whole numbers, exact up to 2²⁴. The gradient of a row is the sum
  /// over the places that used it, in their order; that of row `fixed` is 0. Only rows that were used
  /// are ever touched. Each place's row is multiplied by its number of `scales`, a constant of the ids'
  /// shape, if there is one.
  public func embedded(
    in table: Parameter, fixed: Int? = nil, scaledBy scales: Tensor? = nil
  ) -> Tensor {
    let weight = table.beside(self)
    let (vocabulary, width) = (weight.shape[0], weight.shape[1])
    let rows = scalars.map { id in
      precondition(id >= 0 && id < Float(vocabulary), "An id is inside the vocabulary.")
      return Int(id)
    }
    let result = Tensor(uninitialized: Shape(shape.dimensions + [width]))
    let factors = scales?.scalars
    for (place, row) in rows.enumerated() {
      let into = result.base + place * width
      into.update(from: weight.base + row * width, count: width)
      if let factor = factors?[place] { for column in 0..<width { into[column] *= factor } }
    }
    return Tape.record([weight], to: result) { dy in
      let gradient = Tensor(zeros: [vocabulary, width], usingRows: rows)
      for (place, row) in rows.enumerated() where row != fixed {
        let (from, into) = (dy.base + place * width, gradient.base + row * width)
        let factor = factors?[place] ?? 1
        for column in 0..<width { into[column] += factor * from[column] }
      }
      return [gradient]
    }
  }

  /// 0 or 1 / (1 − rate) for every id of `[B, …]`: the same wherever an id stands in an example, and
  /// independent between examples and ids, as a constant. `vocabulary` is above every id.
  ///
  /// `rate` is in [0, 1). The numbers depend on the random stream only: that of id v in example b is
  /// number b · V + v of it.
  public func dropout(_ rate: Float, ofIDsBelow vocabulary: Int, _ random: Random) -> Tensor {
    precondition(rate >= 0 && rate < 1, "A dropout rate is in [0, 1).")
    let mask = Tensor(uninitialized: shape)
    let places = count / max(1, shape[0])
    for (place, id) in scalars.enumerated() {
      let number = place / places * vocabulary + Int(id)
      ck_dropout_mask(
        Kernels.isa, random.seed, random.stream, rate, number, number + 1, mask.base + place)
    }
    return mask
  }

  /// A matrix `[V, E]` of zeros of which the rows in `rows` will be written to.
  private init(zeros shape: Shape, usingRows rows: [Int]) {
    let width = shape.last
    var isUsed = Array(repeating: false, count: shape.rows)
    for row in rows { isUsed[row] = true }
    var used: [Range<Int>] = []
    var row = 0
    while let first = isUsed[row...].firstIndex(of: true) {
      row = isUsed[first...].firstIndex(of: false) ?? isUsed.count
      used.append(first * width..<row * width)
    }
    self.init(shape: shape, storage: Storage(zeros: shape.count, writtenIn: used))
  }
}
