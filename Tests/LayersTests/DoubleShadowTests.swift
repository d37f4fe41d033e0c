import Engine
import Foundation
import Layers
import TestSupport
import Testing

/// A linear layer and a network of two of them beside plain arithmetic in Float64, whose own gradients are
/// held to central differences.
@Suite struct DoubleShadowTests {
  /// Matrices and vectors, row by row.
  private struct Numbers {
    var x, w1, b1, w2, b2: [Double]
    let weights: [Double]
    let batch = 6, inputs = 7, hidden = 9, outputs = 4

    /// Σ weights ⊙ (tanh(x W₁ᵀ + b₁) W₂ᵀ + b₂), and what the middle layer puts out.
    func forward() -> (loss: Double, middle: [Double], output: [Double]) {
      let middle = Self.linear(x, w1, b1, batch, inputs, hidden).map { Foundation.tanh($0) }
      let output = Self.linear(middle, w2, b2, batch, hidden, outputs)
      let loss = zip(weights, output).reduce(0.0) { $0 + $1.0 * $1.1 }
      return (loss, middle, output)
    }

    /// The gradients of x, W₁, b₁, W₂ and b₂.
    func gradients() -> [[Double]] {
      let middle = forward().middle
      var (dx, dw1, db1) = (zeros(x), zeros(w1), zeros(b1))
      var (dw2, db2) = (zeros(w2), zeros(b2))
      for n in 0..<batch {
        var dz = [Double](repeating: 0, count: hidden)
        for o in 0..<outputs {
          let dy = weights[n * outputs + o]
          db2[o] += dy
          for h in 0..<hidden {
            dw2[o * hidden + h] += dy * middle[n * hidden + h]
            dz[h] += dy * w2[o * hidden + h]
          }
        }
        for h in 0..<hidden {
          dz[h] *= 1 - middle[n * hidden + h] * middle[n * hidden + h]
          db1[h] += dz[h]
          for i in 0..<inputs {
            dw1[h * inputs + i] += dz[h] * x[n * inputs + i]
            dx[n * inputs + i] += dz[h] * w1[h * inputs + i]
          }
        }
      }
      return [dx, dw1, db1, dw2, db2]
    }

    private func zeros(_ like: [Double]) -> [Double] { like.map { _ in 0 } }

    static func linear(
      _ x: [Double], _ w: [Double], _ b: [Double], _ rows: Int, _ inputs: Int, _ outputs: Int
    ) -> [Double] {
      (0..<rows * outputs).map { place in
        let (n, o) = (place / outputs, place % outputs)
        return (0..<inputs).reduce(b[o]) { $0 + x[n * inputs + $1] * w[o * inputs + $1] }
      }
    }
  }

  private static func doubles(_ tensor: Tensor) -> [Double] { tensor.scalars.map(Double.init) }

  /// ‖found − wanted‖ / ‖wanted‖.
  private func error(_ found: [Double], _ wanted: [Double]) -> Double {
    let apart = zip(found, wanted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (apart / wanted.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }

  private func network(_ specs: [any LayerSpec]) throws -> (network: Network, x: Tensor) {
    (try Network(ModelSpec(specs), input: .vector(7), seed: 5), drawn([6, 7], seed: 6))
  }

  @Test func aLinearLayerIsRightToAMillionth() throws {
    let (network, input) = try network([Linear.Spec(outFeatures: 4)])
    let tape = Tape()
    let x = tape.variable(input)
    var pass = Pass()
    let output = network(x, &pass)
    let gradients = tape.gradients(of: weightedLoss([output]))
    let (w, b) = (network.parameters[0].parameter, network.parameters[1].parameter)
    let (xs, ws, bs) = (Self.doubles(input), Self.doubles(w.value), Self.doubles(b.value))
    let wanted = Numbers.linear(xs, ws, bs, 6, 7, 4)
    #expect(error(Self.doubles(output), wanted) < 1e-6)
    let dy = Self.doubles(lossWeights([6, 4]))
    var dx = [Double](repeating: 0, count: 42)
    var dw = [Double](repeating: 0, count: 28)
    var db = [Double](repeating: 0, count: 4)
    for n in 0..<6 {
      for o in 0..<4 {
        let slope = dy[n * 4 + o]
        db[o] += slope
        for i in 0..<7 {
          dx[n * 7 + i] += slope * ws[o * 7 + i]
          dw[o * 7 + i] += slope * xs[n * 7 + i]
        }
      }
    }
    for (found, wanted) in [(gradients[x], dx), (gradients[w], dw), (gradients[b], db)] {
      #expect(error(Self.doubles(try #require(found)), wanted) < 1e-6)
    }
  }

  @Test func aNetworkOfTwoLayersIsRightToAMillionth() throws {
    let (network, input) = try network([
      Linear.Spec(outFeatures: 9), Activation.Spec(.tanh), Linear.Spec(outFeatures: 4),
    ])
    let values = network.parameters.map { Self.doubles($0.parameter.value) }
    var numbers = Numbers(
      x: Self.doubles(input), w1: values[0], b1: values[1], w2: values[2], b2: values[3],
      weights: Self.doubles(lossWeights([6, 4])))
    let shadow = numbers.gradients()

    let tape = Tape()
    let x = tape.variable(input)
    var pass = Pass()
    let output = network(x, &pass)
    let gradients = tape.gradients(of: weightedLoss([output]))
    #expect(error(Self.doubles(output), numbers.forward().output) < 1e-6)
    let found = [gradients[x]] + network.parameters.map { gradients[$0.parameter] }
    for (found, wanted) in zip(found, shadow) {
      #expect(error(Self.doubles(try #require(found)), wanted) < 1e-6)
    }

    let places: [WritableKeyPath<Numbers, [Double]>] = [\.x, \.w1, \.b1, \.w2, \.b2]
    for (place, wanted) in zip(places, shadow) {
      let differences = numbers[keyPath: place].indices.map { index in
        let (value, step) = (numbers[keyPath: place][index], 1e-5)
        numbers[keyPath: place][index] = value + step
        let above = numbers.forward().loss
        numbers[keyPath: place][index] = value - step
        let below = numbers.forward().loss
        numbers[keyPath: place][index] = value
        return (above - below) / (2 * step)
      }
      #expect(error(differences, wanted) < 1e-6)
    }
  }
}
