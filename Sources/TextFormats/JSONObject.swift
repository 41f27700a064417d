/// The members of an object in their order. Each name occurs once.
package struct JSONObject {
  package struct Member {
    package var name: String
    package var value: JSONValue

    package init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  package private(set) var members: [Member] = []
  /// Index of each name.
  private var places: [ExactText: Int] = [:]

  package init() {}

  package var isEmpty: Bool { members.isEmpty }

  package subscript(name: String) -> JSONValue? { place(of: name).map { members[$0].value } }

  /// Adds a member, or replaces the value of the member with this name.
  package mutating func set(_ name: String, _ value: JSONValue) {
    if let place = place(of: name) { members[place].value = value } else { _ = add(name, value) }
  }

  /// - Returns: false if a member with this name exists; that member does not change.
  package mutating func add(_ name: String, _ value: JSONValue) -> Bool {
    guard place(of: name) == nil else { return false }
    members.append(Member(name: name, value: value))
    places[ExactText(name)] = members.count - 1
    return true
  }

  /// A copy with each member replaced by the result of `transform`. A repeated name gets a suffix such as `_2`.
  package func mapNames(_ transform: (Member) -> Member) -> JSONObject {
    let members = members.map(transform)
    return zip(UniqueNames.of(members.map(\.name)), members).reduce(into: JSONObject()) { object, member in
      _ = object.add(member.0, member.1.value)
    }
  }

  package func filter(_ isIncluded: (String) -> Bool) -> JSONObject {
    var object = JSONObject()
    for member in members where isIncluded(member.name) { _ = object.add(member.name, member.value) }
    return object
  }

  /// A copy with each value replaced by the result of `transform`. The names stay the same.
  package func mapValues(_ transform: (Member) -> JSONValue) -> JSONObject {
    var object = self
    for place in members.indices { object.members[place].value = transform(members[place]) }
    return object
  }

  private func place(of name: String) -> Int? {
    places[ExactText(name)]
  }
}
