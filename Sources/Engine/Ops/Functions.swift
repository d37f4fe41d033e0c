import CKernels

/// A function of one element whose derivative follows from its argument.
public enum Function: Sendable, Hashable {
  /// x for x ≥ 0, else `slope` · x.
  case leakyReLU(slope: Float)
  /// x for x ≥ 0, else α (eˣ − 1).
  case elu(alpha: Float)
  /// 1.0507 · elu(x) with α = 1.6733, which keeps mean 0 and variance 1 (arXiv:1706.02515).
  case selu
  /// x Φ(x), with the distribution function Φ of the normal distribution (arXiv:1606.08415).
  case gelu
  /// x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2, which is close to `gelu`.
  case geluTanh
  /// x σ(x), also called swish.
  case silu
  /// x tanh(softplus(x)) (arXiv:1908.08681).
  case mish
  /// ln(1 + eˣ).
  case softplus
  /// x/6 + 1/2 between 0 and 1, as in PyTorch; the gradient at both kinks is 0.
  case hardSigmoid
  /// x between −1 and 1; the gradient at both kinks is 0.
  case hardTanh
  /// x / (1 + |x|).
  case softsign

  /// The kernel's name and its parameter.
  fileprivate var kernel: (function: ck_function, alpha: Float) {
    switch self {
    case .leakyReLU(let slope): (CK_LEAKY_RELU, slope)
    case .elu(let alpha): (CK_ELU, alpha)
    case .selu: (CK_SELU, 0)
    case .gelu: (CK_GELU, 0)
    case .geluTanh: (CK_GELU_TANH, 0)
    case .silu: (CK_SILU, 0)
    case .mish: (CK_MISH, 0)
    case .softplus: (CK_SOFTPLUS, 0)
    case .hardSigmoid: (CK_HARD_SIGMOID, 0)
    case .hardTanh: (CK_HARD_TANH, 0)
    case .softsign: (CK_SOFTSIGN, 0)
    }
  }
}

extension Tensor {
  /// y = f(x), elementwise; dx = dy f′(x).
  public func applying(_ function: Function) -> Tensor {
    let (kernel, alpha) = function.kernel
    let result = Tensor(uninitialized: shape)
    Tensor.pointwise(count, cost: 32) { at, n in
      ck_activate(Kernels.isa, kernel, alpha, base + at, result.base + at, n)
    }
    let x = detached
    return Tape.record([self], to: result) { dy in
      let dx = Tensor(uninitialized: dy.shape)
      Tensor.pointwise(dy.count, cost: 32) { at, n in
        ck_activate_back(
          Kernels.isa, kernel, alpha, x.base + at, dy.base + at, dx.base + at, n)
      }
      return [dx]
    }
  }
}
