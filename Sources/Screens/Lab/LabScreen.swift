import Canvas
import Experiments
import Formats

/// Claims about recurrent networks: which there are, and what putting them to the test finds.
enum LabScreen {
  /// What the screen remembers.
  struct State: Sendable, Equatable {
    /// The experiment under the cursor.
    var cursor = 0
    /// The first line of the findings that is on screen.
    var scroll = 0
    /// The experiment that is under way.
    var running: String?
    /// What it has told so far.
    var told: [String] = []
    /// What the finished ones found, by name.
    var reports: [String: ExperimentReport] = [:]
    /// What the next experiment draws everything random from.
    var seed: UInt64 = 1
    /// Why others have no result, by name.
    var failures: [String: String] = [:]

    /// The experiment under the cursor.
    var chosen: Experiment { ExperimentRegistry.all[cursor] }

    /// Lines of an experiment under way that are kept.
    static let keptLines = 200
  }

  /// Takes in what an experiment said.
  static func received(_ news: ExperimentNews, _ state: inout AppState) {
    switch news {
    case .kept(let reports):
      for report in reports { state.lab.reports[report.name] = report }
    case .told(let line): state.lab.told = (state.lab.told + [line]).suffix(State.keptLines)
    case .finished(let report):
      state.lab.running = nil
      state.lab.reports[report.name] = report
      state.lab.failures[report.name] = nil
      state.say("\(report.name): \(report.passed ? "the claim holds" : "the claim does not hold")")
    case .unkept(let sentence): state.complain(sentence)
    case .failed(let name, let sentence):
      state.lab.running = nil
      state.lab.failures[name] = sentence
      state.complain("\(name): \(sentence)")
    }
  }

  /// The keys of the screen.
  static let bindings: [Binding] = [
    Binding(
      .screen(.lab), [.enter], hint: "run", help: "put the claim under the cursor to the test",
      disabled: { state in
        state.lab.running.map { "\($0) is under way. Press x to stop it." }
      }
    ) { state in
      state.lab.running = state.lab.chosen.name
      state.lab.told = []
      state.lab.scroll = 0
      return [.experiment(state.lab.chosen.name, seed: state.lab.seed)]
    },
    Binding(
      .screen(.lab), [.character("s")], hint: "seed",
      help: "another seed for the next experiment: does the claim hold for it, too?"
    ) { state in
      var line = Prompt(
        "seed of the next experiment:", text: String(state.lab.seed), verb: "take",
        problem: { text, _ in
          UInt64(text) == nil
            ? "A seed is a whole number from 0 to \(UInt64.max), got \(SafeText.quoted(text))."
            : nil
        },
        submit: { text, state in
          state.lab.seed = UInt64(text) ?? state.lab.seed
          return []
        })
      line.closesAtOnce = true
      state.popups.append(line)
      return []
    },
    Binding(
      .screen(.lab), [.character("x")], hint: "stop", help: "stop the experiment under way",
      disabled: { $0.lab.running == nil ? "No experiment is under way." : nil }
    ) { _ in [.stopExperiment] },
    Binding(.screen(.lab), [.down, .character("j")], hint: "choose", help: "next claim") {
      choose($0.lab.cursor + 1, &$0)
    },
    Binding(.screen(.lab), [.up, .character("k")], hint: "choose", help: "previous claim") {
      choose($0.lab.cursor - 1, &$0)
    },
    Binding(.screen(.lab), [.character("g"), .home], help: "the first claim") { choose(0, &$0) },
    Binding(.screen(.lab), [.character("G"), .end], help: "the last claim") {
      choose(.max, &$0)
    },
    Binding(
      .screen(.lab), [.pageDown, .control("d"), .character("J")], hint: "scroll",
      help: "further down in what was found"
    ) { state in
      state.lab.scroll += 5
      return []
    },
    Binding(
      .screen(.lab), [.pageUp, .control("b"), .character("K")], hint: "scroll",
      help: "further up in what was found"
    ) { state in
      state.lab.scroll = max(0, state.lab.scroll - 5)
      return []
    },
  ]

  private static func choose(_ index: Int, _ state: inout AppState) -> [Effect] {
    state.lab.cursor = min(max(index, 0), ExperimentRegistry.all.count - 1)
    state.lab.scroll = 0
    return []
  }
}

/// What an experiment says while it is under way, and at its end.
public enum ExperimentNews: Sendable {
  /// These were found in earlier visits.
  case kept([ExperimentReport])
  /// A line about what is going on.
  case told(String)
  /// It is done.
  case finished(ExperimentReport)
  /// What was found cannot be kept for later visits; the sentence says why.
  case unkept(String)
  /// It has no result; the sentence says why.
  case failed(name: String, String)
}
