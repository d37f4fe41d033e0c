import Canvas
import Testing

@testable import Screens

extension AppState {
  /// Does what the keys of `script` do on the present screen; returns the effects. A key that is
  /// disabled or unknown leaves its reason in `refusals`.
  mutating func press(_ script: String, refusals: inout [String]) throws -> [Effect] {
    var effects: [Effect] = []
    for key in try Key.parse(script) {
      guard let binding = KeyTable.binding(for: key, on: screen) else {
        refusals.append("no key \(key.notation)")
        continue
      }
      if let reason = binding.disabled(self) {
        refusals.append(reason)
      } else {
        effects += binding.action(&self)
      }
    }
    return effects
  }

  /// The same where nothing is refused.
  mutating func press(_ script: String) throws -> [Effect] {
    var refusals: [String] = []
    let effects = try press(script, refusals: &refusals)
    #expect(refusals.isEmpty)
    return effects
  }

  /// The reason why `key` is refused.
  mutating func refusal(of key: String) throws -> String? {
    var refusals: [String] = []
    let effects = try press(key, refusals: &refusals)
    #expect(effects.isEmpty)
    return refusals.first
  }
}
