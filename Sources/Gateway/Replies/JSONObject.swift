import InventoryModel

/// An object's members in the order in which they came, each name once.
struct JSONObject {
  struct Member {
    var name: String
    var value: JSONValue
  }

  /// Members up to which a name is looked for among all of them: the gateway's bodies have less, and to hash a name takes
  /// longer than to compare it with a few.
  private static let unhashed = 16

  private(set) var members: [Member] = []
  /// Where each name stands; empty while there are few.
  private var places: [ExactText: Int] = [:]

  var isEmpty: Bool { members.isEmpty }

  subscript(name: String) -> JSONValue? { place(of: name).map { members[$0].value } }

  /// Adds a member, or gives the one of this name another value.
  mutating func set(_ name: String, _ value: JSONValue) {
    if let place = place(of: name) { members[place].value = value } else { _ = add(name, value) }
  }

  /// - Returns: false when there is a member of this name, which stays as it is.
  mutating func add(_ name: String, _ value: JSONValue) -> Bool {
    guard place(of: name) == nil else { return false }
    members.append(Member(name: name, value: value))
    if members.count == Self.unhashed + 1 {
      for (place, member) in members.enumerated() { places[ExactText(member.name)] = place }
    } else if !places.isEmpty {
      places[ExactText(name)] = members.count - 1
    }
    return true
  }

  /// With the name that the transform makes of each, and `_2` or the like behind one that comes again.
  func mapNames(_ transform: (Member) -> Member) -> JSONObject {
    let members = members.map(transform)
    return zip(UniqueNames.of(members.map(\.name)), members).reduce(into: JSONObject()) { object, member in
      _ = object.add(member.0, member.1.value)
    }
  }

  func filter(_ isIncluded: (String) -> Bool) -> JSONObject {
    var object = JSONObject()
    for member in members where isIncluded(member.name) { _ = object.add(member.name, member.value) }
    return object
  }

  /// With other values under the same names.
  func mapValues(_ transform: (Member) -> JSONValue) -> JSONObject {
    var object = self
    for place in members.indices { object.members[place].value = transform(members[place]) }
    return object
  }

  private func place(of name: String) -> Int? {
    places.isEmpty ? members.firstIndex { $0.name.isExactly(name) } : places[ExactText(name)]
  }
}
