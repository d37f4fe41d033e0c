/// What can be undone and redone: the documents before and after each edit.
struct History: Sendable {
  /// A document and the edit that led away from it (undo) or to it (redo).
  private struct Entry: Sendable {
    let document: Document
    let edit: String
  }

  private var past: [Entry] = []
  private var future: [Entry] = []

  /// The number of edits that can be undone.
  var depth: Int { past.count }

  /// Remembers that `edit` changed `document`; what was undone before is forgotten.
  mutating func record(_ edit: String, changing document: Document) {
    past.append(Entry(document: document, edit: edit))
    future = []
  }

  /// Goes back from `document`: the one before and the edit that is taken back.
  mutating func undo(from document: Document) -> (document: Document, edit: String)? {
    guard let last = past.popLast() else { return nil }
    future.append(Entry(document: document, edit: last.edit))
    return (last.document, last.edit)
  }

  /// Goes forward again from `document`.
  mutating func redo(from document: Document) -> (document: Document, edit: String)? {
    guard let next = future.popLast() else { return nil }
    past.append(Entry(document: document, edit: next.edit))
    return (next.document, next.edit)
  }
}
