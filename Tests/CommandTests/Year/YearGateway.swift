import Foundation
import InventoryModel
import Synchronization
import TestSupport
import TextFormats

/// The gateway of a replayed year: its integrations change between months, and it takes note of what it has answered.
final class YearGateway: Sendable {
  /// What a request was answered with. `nothing` is whatever is no answer about the project.
  enum Reply: Hashable, Sendable {
    case found(YearIntegration)
    case notFound
    case nothing
  }

  struct Sent: Sendable {
    var reply: Reply
    /// RFC 3339: when it went out.
    var at: String
  }

  /// Who is asked for, and with which credential's key.
  struct Question: Hashable, Sendable {
    var projectID: String
    var credential: String
  }

  /// How a month is.
  struct Weather: Sendable {
    /// Of a thousand requests, how many get no answer.
    var faults = 60
    /// Whether some of these are never answered at all, so that the client's time runs out.
    var stalls = false
    /// Whether no project has an integration, as where another gateway answers in its place.
    var absent = false
    /// The credential that is refused.
    var refused: String?
    /// After how many answers `whenReached` is called.
    var signalAfter: Int?
  }

  /// By credential.
  static let keys = ["default": "canary-key-4711", "north": "north-key-0815", "south": "south-key-2342"]

  private struct State {
    /// Of what becomes of the integrations: the same in every replay of a seed, however often is asked.
    var random: SplitMix
    /// Of faults, and of how an answer is written.
    var mood: SplitMix
    var integrations: [String: YearIntegration] = [:]
    var weather = Weather()
    var sent: [Question: Sent] = [:]
    var requests = 0
    var whenReached: @Sendable () -> Void = {}
  }

  private let seed: UInt64
  private let state: Mutex<State>

  init(seed: UInt64) {
    self.seed = seed
    state = Mutex(State(random: SplitMix(state: seed), mood: SplitMix(state: ~seed)))
  }

  /// The last reply to each question since the month began.
  var sent: [Question: Sent] { state.withLock { $0.sent } }

  func beginMonth(_ weather: Weather) {
    state.withLock { state in
      state.sent = [:]
      state.weather = weather
      state.requests = 0
    }
  }

  func change(_ weather: Weather) {
    state.withLock { state in
      state.weather = weather
      state.requests = 0
    }
  }

  func whenReached(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.whenReached = action } }

  /// Time passes: integrations come, change and go, and may come back as they were.
  func evolve(_ projects: [String], share: Int) {
    state.withLock { state in
      for (number, project) in projects.enumerated() {
        guard Int.random(in: 0..<100, using: &state.random) < share else { continue }
        switch (state.integrations[project], Int.random(in: 0..<10, using: &state.random)) {
        case (nil, 0..<6): state.integrations[project] = .random(number, &state.random)
        case (nil, _): break
        case (_, 0..<3): state.integrations[project] = nil
        case (var integration?, _):
          integration.change(&state.random)
          state.integrations[project] = integration
        }
      }
    }
  }

  /// For each connection.
  var script: [ScriptedServer.Step] { [.answerHead { [self] in steps($0) }, .again] }

  private func steps(_ head: String) -> [ScriptedServer.Step] {
    let path = head.split(separator: " ").dropFirst().first ?? ""
    let projectID = path.split(separator: "/").last?.removingPercentEncoding ?? ""
    let key = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("x-api-key:") }
      .map { $0.dropFirst("x-api-key:".count).trimmingCharacters(in: .whitespaces) }
    let credential = Self.keys.first { $0.value == key }?.key ?? ""
    let (steps, action) = state.withLock { state in
      let (reply, steps) = Self.reply(to: projectID, with: credential, &state)
      state.sent[Question(projectID: projectID, credential: credential)] = Sent(
        reply: reply, at: Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)).description)
      state.requests += 1
      return (steps, state.requests == state.weather.signalAfter ? state.whenReached : nil)
    }
    action?()
    return steps
  }

  private static func reply(
    to projectID: String, with credential: String, _ state: inout State
  ) -> (Reply, [ScriptedServer.Step]) {
    if state.weather.refused == credential { return (.nothing, [answer("401 Unauthorized", "{}")]) }
    if Int.random(in: 0..<1000, using: &state.mood) < state.weather.faults {
      return (.nothing, fault(stalls: state.weather.stalls, &state.mood))
    }
    guard let integration = state.integrations[projectID], !state.weather.absent else {
      return (.notFound, [answer("404 Not Found", #"{"message": ["Integration not found"], "status": 0}"#)])
    }
    return (.found(integration), [answer("200 OK", integration.body(&state.mood))])
  }

  private static func fault(stalls: Bool, _ random: inout SplitMix) -> [ScriptedServer.Step] {
    switch Int.random(in: 0..<(stalls ? 11 : 10), using: &random) {
    case 0, 1: [answer("500 Internal Server Error", "{}")]
    case 2: [answer("403 Forbidden", "{}")]
    case 3: [answer("200 OK", "<html>later</html>")]
    case 4: [answer("200 OK", #"{"status": 0, "statusMessage": "error", "message": ["no"]}"#)]
    case 5: [answer("200 OK", #"{"webhookUrl": ""}"#)]
    case 6: [.close]
    case 7: [.send("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"webhookUrl\": \"https://cut"), .close]
    case 8: [.reset]
    case 9: [answer("404 Not Found", "<html>nothing here</html>")]
    default: [.stall]
    }
  }

  private static func answer(_ status: String, _ body: String) -> ScriptedServer.Step {
    .send("HTTP/1.1 \(status)\r\ncontent-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
  }
}
