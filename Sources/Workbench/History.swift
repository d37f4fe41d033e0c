/// What can be undone and redone: the documents before and after each edit.
struct History: Sendable {
  /// A document and the command that led away from it (undo) or to it (redo).
  private struct Entry: Sendable {
    let document: Document
    let command: Command
  }

  private var past: [Entry] = []
  private var future: [Entry] = []

  /// The number of edits that can be undone.
  var depth: Int { past.count }

  /// Remembers that `command` changed `document`; what was undone before is forgotten.
  mutating func record(_ command: Command, changing document: Document) {
    past.append(Entry(document: document, command: command))
    future = []
  }

  /// Goes back from `document`: the one before and the command that is taken back.
  mutating func undo(from document: Document) -> (document: Document, command: Command)? {
    guard let last = past.popLast() else { return nil }
    future.append(Entry(document: document, command: last.command))
    return (last.document, last.command)
  }

  /// Goes forward again from `document`.
  mutating func redo(from document: Document) -> (document: Document, command: Command)? {
    guard let next = future.popLast() else { return nil }
    past.append(Entry(document: document, command: next.command))
    return (next.document, next.command)
  }
}
