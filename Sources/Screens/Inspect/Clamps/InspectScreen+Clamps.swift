import Canvas
import Inspection
import Layers
import Workbench

/// Signals that are held at a value: what would the network do if this gate were shut?
extension InspectScreen {
  /// Takes in what clamps change, unless others hold by now.
  static func received(_ comparison: ClampComparison, _ state: inout AppState) {
    guard comparison.clamped.clamps == state.inspect.clamps else { return }
    state.inspect.take(comparison.clamped, of: comparison)
    state.say(ClampText(comparison).sentence)
  }

  /// Holds what `words` say, or lets go of everything, and asks what changes.
  static func clamp(_ words: ClampWords?, _ state: inout AppState) -> [Effect] {
    if let words, let layer = state.inspect.view?.layer {
      let clamp = words.clamp(of: layer)
      state.inspect.clamps.removeAll { $0.holdsTheSame(as: clamp) }
      state.inspect.clamps.append(clamp)
    } else {
      state.inspect.clamps = []
    }
    return record(state.inspect.example, &state)
  }

  /// Why what `words` say cannot be held; nil when it can.
  @Sendable static func clampObstacle(_ words: ClampWords?, _ state: AppState) -> String? {
    guard let words else { return nil }
    guard let recording = state.inspect.recording else {
      return "A clamp holds a signal of a sequence: press 3 and choose one."
    }
    let clamp = words.clamp(of: state.inspect.view?.layer ?? "")
    do throws(InspectionError) {
      try recording.check(clamp)
    } catch {
      return error.description
    }
    guard let steps = clamp.steps, steps.upperBound >= recording.length else { return nil }
    return "The sequence has steps 0 to \(recording.length - 1), got "
      + "\(steps.lowerBound) to \(steps.upperBound)."
  }

  /// Holds a signal, or lets go of what is held.
  static let clampBinding = Binding(
    .screen(.inspect), [.character(".")],
    hint: "clamp", help: "hold a gate, cell or hidden unit at a value and see what changes",
    others: [
      .init(
        hint: "let go", help: "let go of what is held, as :clamp none",
        applies: { !$0.inspect.clamps.isEmpty }),
      .init(
        hint: nil, help: "hold a gate, cell or hidden unit at a value; only in the signals",
        applies: { $0.inspect.aspect != .signals }),
    ],
    disabled: { state in
      guard state.inspect.clamps.isEmpty else { return nil }
      guard state.inspect.aspect == .signals else {
        return "This key is for signals: v leads there."
      }
      guard state.inspect.recording != nil else {
        return "No sequence was recorded yet. Press f."
      }
      return state.inspect.view == nil
        ? "A clamp needs a recurrent layer, and this model has none. Add rnn, lstm or gru."
        : state.session.obstacle
    }
  ) { state in
    guard state.inspect.clamps.isEmpty else { return clamp(nil, &state) }
    state.popups.append(form(state))
    return []
  }

  /// Shows what clamps change of the signals, or the signals.
  static let changeBinding = Binding(
    .screen(.inspect), [.character("D")], help: "the difference that clamps make, or the signals",
    others: [
      .init(
        hint: "difference", help: "the difference that clamps make, or the signals",
        applies: { $0.inspect.aspect == .signals && $0.inspect.comparison != nil })
    ],
    disabled: { state in
      guard state.inspect.aspect == .signals else {
        return "This key is for signals: v leads there."
      }
      return state.inspect.comparison == nil
        ? "Nothing is held, so there is no difference to show. Press . to hold a signal." : nil
    }
  ) { state in
    state.inspect.toggleChange()
    return []
  }

  /// `value` in a few digits where these can be read back, else in all of them.
  private static func typed(_ value: Double) -> String {
    let short = NumberText.short(value)
    return Float(short) != nil ? short : "\(value.isFinite ? Float(value) : 0)"
  }

  /// The line in which one says what to hold, beginning with the signal and the unit in view at what it
  /// is under the cursor.
  private static func form(_ state: AppState) -> Prompt {
    let (view, unit) = (state.inspect.view, state.inspect.unit)
    let value = view?.value(state.inspect.t, unit).map(Self.typed) ?? "0"
    var line = Prompt(
      "hold SIGNAL UNIT VALUE [FROM TO]:", text: "\(view?.name ?? "h") \(unit) \(value)",
      verb: "hold",
      problem: { text, state in
        do throws(SessionError) {
          return clampObstacle(try ClampWords(parsing: text), state)
        } catch {
          return error.description
        }
      },
      submit: { text, state in
        guard let words = try? ClampWords(parsing: text) else { return [] }
        return clamp(words, &state)
      })
    line.closesAtOnce = true
    return line
  }
}

extension InspectScreen.State {
  /// Whether the sequence has a row for the predictions that clamps change.
  var marksChanges: Bool {
    guard let comparison, comparison.free.target.isPerStep, comparison.predictions > 0 else {
      return false
    }
    if case .values = comparison.free.target.kind { return false }
    return true
  }
}
