import InventoryModel
import Testing

@testable import Gateway

@Suite("A 404")
struct NotTheGatewayTests {
  private static func answer(_ body: String, type: String? = "application/json") -> Answer {
    ResponseStatusTests.reply(404, body, headers: type.map { [("Content-Type", $0)] } ?? []).answer
  }

  private static let absence = Answer(outcome: .notFound, httpStatus: 404)

  private static func objection(_ what: String) -> Answer {
    Answer(
      outcome: .invalidResponse, httpStatus: 404,
      error: RowError(
        .notTheGateway,
        "This 404 is not from the gateway: its body is \(what). Check --base-url, or use --not-found-by status."))
  }

  @Test(
    "about the project or its integration is an absence, whatever stands beside the message",
    arguments: [
      #"{"message":["Integration not found"],"statusMessage":"error","status":0}"#,
      #"{"message":"Integration not found"}"#, #"{"message":"integration not found.","data":null}"#,
      #"{"message":"Project not found","error":"Not Found","statusCode":404,"path":"/v1/external-support/p"}"#,
      #"{"statusCode":404,"message":"No integration for project p","error":"Not Found"}"#,
      #"{"message":"Not Found","detail":"The project has no integration"}"#,
      #"{"message":["Not Found","The project has no integration"]}"#,
      #"{"error":"Not Found","title":"No existe integración para este proyecto"}"#,
      #"{"error":"Integração não encontrada"}"#, #"{"detail":"Brain not found","title":"Not Found"}"#,
      #"{"title":"Project unknown","status":404}"#, #"{"message":"","error":"Integration missing"}"#,
      #"{"message":null,"error":"Project not found"}"#, #"{"message":[],"error":"Project not found"}"#,
      #"{"message":{},"detail":"Project not found"}"#, #"{"message":"PROJECT_NOT_FOUND"}"#,
      #"{"message":"Not found: integration of project a/b"}"#, #"{"message":"Integration/webhook not found"}"#,
      #"{"message":"Cannot get the integration of a/b"}"#, #"{"message":"Route for the integration not found"}"#,
      #"{"message":"There is nothing here"}"#, #"{"message":["Nothing","here"],"extra":{"error":"Not Found"}}"#,
      "\u{FEFF}" + #" {"message":"Integration not found"}"#,
    ])
  func absences(body: String) {
    #expect(Self.answer(body) == Self.absence)
    // Whatever the server calls it.
    #expect(Self.answer(body, type: "text/html") == Self.absence)
  }

  @Test(
    "of a router is no absence, and is quoted with its sender's name", arguments: RouterExample.all)
  func routers(example: RouterExample) throws {
    let answer = Self.answer(example.body)
    #expect(answer == Self.objection("a routing error of \(example.sender): \"\(example.said)\""))
    let reply = ResponseStatusTests.reply(404, example.body, headers: [("Retry-After", "9")])
    #expect(reply.retry == .never)
  }

  @Test("of a router has an example for each row of the table, and each row is reached")
  func table() {
    let reached = RouterExample.all.compactMap { RouterMessage.matching($0.message)?.pattern }
    for row in RouterMessage.all { #expect(reached.contains(row.pattern), "\(row.sender): \(row.pattern)") }
    for subject in NotFoundReading.subjects {
      #expect(!RouterMessage.all.contains { $0.pattern.contains(subject) }, "\(subject)")
    }
    #expect(Set(RouterMessage.all.map(\.pattern)).count == RouterMessage.all.count)
    #expect(RouterMessage.all.allSatisfy { !$0.sender.isEmpty && !$0.source.isEmpty })
  }

  @Test(
    "without a message of the gateway is no absence, and is described",
    arguments: [
      ("", nil, "empty"), (" \r\n", "application/json", "empty"),
      ("<html><body>404</body></html>", "text/html; charset=utf-8", "an HTML page"),
      ("  <!DOCTYPE html><title>Page</title>", nil, "an HTML page"), ("<HTML>", "text/plain", "an HTML page"),
      ("404 page not found\n", "text/plain; charset=utf-8", "text/plain instead of JSON"),
      ("<Error><Code>NoSuchKey</Code></Error>", "application/xml", "application/xml instead of JSON"),
      ("Not Found", nil, "not JSON"),
      (#"{"message":"Integration not found""#, "application/json", "malformed JSON"),
      (#"{"message":"Integration not found",}"#, "application/problem+json", "malformed JSON"),
      (#"{"message":"Integration not found","message":"x"}"#, "application/json", "JSON with a duplicate field"),
      ("[]", "application/json", "JSON that is not an object"), ("null", nil, "JSON that is not an object"),
      (#""Integration not found""#, nil, "JSON that is not an object"),
      (#"[{"message":"Integration not found"}]"#, nil, "JSON that is not an object"),
      ("{}", "application/json", "JSON without a message"), (#"{"status":404}"#, nil, "JSON without a message"),
      (Wire.configuration, nil, "JSON without a message"), (#"{"message":""}"#, nil, "JSON without a message"),
      (#"{"message":" - ","error":true,"detail":null,"title":[]}"#, nil, "JSON without a message"),
      (#"{"Message":"Integration not found"}"#, nil, "JSON without a message"),
      (#"{"error":{"message":"Not Found"}}"#, nil, "JSON without a message"),
      (#"{"code":404,"path":"/external-support/p"}"#, nil, "JSON without a message"),
    ] as [(String, String?, String)])
  func others(body: String, type: String?, what: String) {
    #expect(Self.answer(body, type: type) == Self.objection(what))
  }

  @Test("that is compressed, or not UTF-8, or over the limit is no absence")
  func unreadable() {
    func answer(_ body: TransportResponse.Body, _ headers: [(name: String, value: String)] = []) -> Answer {
      let response = TransportResponse(status: 404, headers: headers, body: body)
      return ResponseReading(response: response, secrets: .none).reply().answer
    }
    #expect(
      answer(.complete([0x1F, 0x8B, 8]), [("Content-Encoding", "gzip"), ("Content-Type", "application/json")])
        == Self.objection("compressed"))
    #expect(
      answer(.complete(Array(#"{"message":"Integration "#.utf8) + [0xFF] + Array(#""}"#.utf8)))
        == Self.objection("not JSON"))
    #expect(answer(.overLimit) == Self.objection("longer than 1 MiB"))
  }

  @Test(
    "is an absence by its status alone where the user says so",
    arguments: ["", "<html>", "{", "{}", #"{"message":"Cannot GET /x"}"#, #"{"message":"Integration not found"}"#])
  func byStatus(body: String) {
    #expect(ResponseStatusTests.reply(404, body, notFoundBy: .status).answer == Self.absence)
    #expect(ResponseStatusTests.reply(410, body, notFoundBy: .status).answer.outcome == .failed)
  }

  @Test("is quoted without secrets and in at most 200 characters")
  func quotation() throws {
    let key = "sk-CANARY/7f3a"
    let secrets = Credentials([Credential.apiKey(key, name: "default")]).mask
    func message(_ path: String) throws -> String {
      let body = #"{"message":"Cannot GET /\#(path)"}"#
      return try #require(ResponseStatusTests.reply(404, body, secrets: secrets).answer.error?.message)
    }
    for path in ["x/\(key)", "x/sk-CANARY%2F7f3a", #"x/sk-CANARY\/7f3a"#, "x?token=CANARY", "x?api_key=CANARY&y=1"] {
      let text = try message(path)
      #expect(text.contains("***") && !text.contains("CANARY"), "\(text)")
      #expect(text.contains("Express"))
    }
    let long = try message(String(repeating: "é/", count: 50_000))
    #expect(long.contains("…\". Check --base-url") && long.count < 400)
  }

  @Test(
    "is read in time that grows with its message alone", arguments: ["route /", "not found /", "/a", "a", "no such "])
  func linear(piece: String) {
    let text = String(repeating: piece, count: 200_000 / piece.utf8.count)
    let start = ContinuousClock.now
    for text in [text, "cannot get " + text, "route " + text, "not found: /x " + text] {
      _ = Self.answer(#"{"message":"\#(text)"}"#)
    }
    #expect(ContinuousClock.now - start < .seconds(10))
  }
}

/// What a router has been seen to send with a 404.
struct RouterExample: CustomTestStringConvertible, Sendable {
  /// As ``RouterMessage/sender``.
  let sender: String
  let message: String
  /// The whole body.
  let body: String
  /// What is quoted of it.
  var said: String { message }

  var testDescription: String { body }

  private init(_ sender: String, _ message: String, body: String? = nil) {
    self.sender = sender
    self.message = message
    let escaped = message.replacing("\"", with: "\\\"")
    self.body = body ?? #"{"message":"\#(escaped)"}"#
  }

  private static let many = "many frameworks and gateways"
  private static let hispanic = "applications in Spanish or Portuguese"
  private static let express = "Express, NestJS or AdonisJS"

  static let all: [RouterExample] = [
    // FastAPI and Django REST framework, Rails, Spring Boot 3 and 2, ASP.NET Core, Hapi, Symfony, Connexion.
    .init(many, "Not Found", body: #"{"detail":"Not Found"}"#),
    .init(many, "Not found.", body: #"{"detail":"Not found."}"#),
    .init(many, "Not Found", body: #"{"status":404,"error":"Not Found"}"#),
    .init(
      many, "Not Found", body: #"{"timestamp":1,"status":404,"error":"Not Found","path":"/api/external-support/p"}"#),
    .init(
      many, "Not Found",
      body: #"{"timestamp":1,"status":404,"error":"Not Found","message":"No message available","path":"/project/p"}"#),
    .init(many, "Not Found", body: #"{"path":"/p","status":404,"error":"Not Found","message":null,"requestId":"1"}"#),
    .init(
      many, "Not Found",
      body: #"{"type":"https://tools.ietf.org/html/rfc9110#section-15.5.5","title":"Not Found","status":404}"#),
    .init(many, "Not Found", body: #"{"statusCode":404,"error":"Not Found","message":"Not Found"}"#),
    .init(many, "Not Found", body: #"{"title":"An error occurred","status":404,"detail":"Not Found"}"#),
    .init(many, "Not Found", body: #"{"code":5,"message":"Not Found","details":[]}"#),
    .init(many, "Not Found", body: #"{"message":["Not Found"]}"#),
    .init(many, "NOT_FOUND", body: #"{"error":"NOT_FOUND"}"#), .init(many, "404 Not Found"),
    .init(many, "HTTP 404 Not Found"),
    .init(many, "404: Not Found"), .init(many, "404", body: #"{"message":404}"#), .init(many, "Error 404"),
    .init(many, "NotFoundError"), .init(many, "NotFoundException"),
    .init("Express applications", "Not Found - /api/external-support/p"),
    .init("Express applications", "404 Not Found - GET /api/external-support/p"),
    .init(hispanic, "No encontrado"), .init(hispanic, "Não encontrado"), .init(hispanic, "Na\u{303}o encontrada."),
    // Azure API Management, Go, Akka HTTP, Vercel, APISIX, Fastify, Laravel, Sanic, Micronaut.
    .init(many, "Resource not found", body: #"{ "statusCode": 404, "message": "Resource not found" }"#),
    .init(many, "404 page not found"), .init(many, "404 Route Not Found"), .init(many, "Page Not Found"),
    .init(many, "Route GET:/api/external-support/p not found"), .init(many, "Route GET /api/x/project not found"),
    .init(many, "The route api/external-support/my project could not be found."),
    .init(many, "Requested URL /external-support/p not found"), .init(many, "The requested resource was not found"),
    .init(many, "The requested resource could not be found but may be available again in the future."),
    .init(many, "The page could not be found"), .init(many, "API endpoint not found"), .init(many, "URL not found"),
    .init(many, "Route not found: /api_v1/external-support/integration-1"), .init(many, "ROUTE_NOT_FOUND"),
    .init(many, "The requested endpoint does not exist."), .init(many, "This path doesn't exist"),
    .init(many, "The requested URL /x was not found on this server."),
    .init(many, "The requested resource is not available"),
    .init(many, "unknown endpoint"), .init(many, "No such route"), .init(many, "Invalid endpoint: GET /x"),
    .init(many, "No endpoint GET /api/external-support/p."),
    .init(hispanic, "Ruta no encontrada"), .init(hispanic, "Ruta '/api/x' no encontrada"),
    .init(hispanic, "Rota não encontrada: GET /api/x"), .init(hispanic, "A rota GET /x não existe neste servidor."),
    .init(hispanic, "Página no encontrada"), .init(hispanic, "Recurso não encontrado"),
    .init(
      "hosting platforms", "Application not found",
      body: #"{"status":"error","code":404,"message":"Application not found","request_id":"x"}"#),
    .init("hosting platforms", "No such app"), .init("hosting platforms", "The requested host could not be found."),
    .init(
      express, "Cannot GET /api/external-support/project-1",
      body: #"{"message":"Cannot GET /api/external-support/project-1","error":"Not Found","statusCode":404}"#),
    .init(express, "Cannot GET:/api/external-support/integration"),
    .init(express, "Can't find /api/external-support/p on this server!"),
    .init(express, "Cannot find /api/external-support/p on this server"),
    .init(
      "Spring MVC", "No static resource external-support/my project.",
      body: #"{"title":"Not Found","status":404,"detail":"No static resource external-support/my project."}"#),
    .init("Spring MVC", "No handler found for GET /api/external-support/p"),
    .init("Spring MVC", "No mapping for GET /api/external-support/p"),
    .init("Spring MVC", "No mapping found for HTTP request with URI [/api/x] in DispatcherServlet with name 'd'"),
    .init("Symfony", #"No route found for "GET http://127.0.0.1/api/external-support/p""#),
    .init("Rails", #"No route matches [GET] "/api/external-support/p""#),
    .init(
      "WordPress", "No route was found matching the URL and request method.",
      body: #"{"code":"rest_no_route","message":"No route was found matching the URL and request method.","data":{}}"#),
    .init("ASP.NET Web API", "No HTTP resource was found that matches the request URI 'https://g.example/api/x'."),
    .init("RESTEasy or Quarkus", "RESTEASY003210: Could not find resource for full path: http://127.0.0.1/api/x"),
    .init("RESTEasy or Quarkus", "Could not find resource for relative : /api/x of full path: http://127.0.0.1/api/x"),
    .init("Nitro", "Cannot find any route matching [GET] /api/x"),
    .init("Nitro", "Cannot find any path matching /api/x."),
    .init(
      "Flask",
      "The requested URL was not found on the server. If you entered the URL manually please check your spelling and "
        + "try again."
    ),
    .init("LoopBack", "There is no method to handle GET /api/x"),
    .init(
      "Restify", "/api/external-support/p does not exist",
      body: #"{"code":"R","message":"/api/external-support/p does not exist"}"#),
    .init("APIs modeled on Stripe's", "Unrecognized request URL (GET: /v1/x). Please see the documentation."),
    .init("Restify", "GET /v1/external-support/p not found"),
    .init("APIs modeled on OpenAI's", "Invalid URL (GET /v1/x)"),
    .init("Mule", "No listener for endpoint: /x"), .init(many, "Could not find the route"),
    .init(many, "There is no resource at this path"), .init(many, "No API found at this path"),
    .init(many, "No such service"), .init(many, "The page you are looking for could not be found"),
    .init(many, "Sorry, that page does not exist"), .init("an ingress controller or Envoy", "default backend - 404"),
    .init("an ingress controller or Envoy", "no healthy upstream"),
    .init("object stores", "The specified key does not exist."), .init("object stores", "ResourceNotFound"),
    .init("Kubernetes", "the server could not find the requested resource"),
    .init(
      "Kong", "no Route matched with those values",
      body: #"{"message":"no Route matched with those values","request_id":"1"}"#),
    .init("Kong", "API not found with these values"), .init("Amazon API Gateway", "Missing Authentication Token"),
    .init("Amazon API Gateway", "No method found matching route api/external-support/p for http method GET."),
    .init("Azure API Management", "Unable to match incoming request to an operation."),
    .init(
      "Google API Gateway or Cloud Endpoints", "The current request is not defined by this API.",
      body: #"{"message":"The current request is not defined by this API.","code":404}"#),
    .init("Google API Gateway or Cloud Endpoints", "The request `GET /x` is not defined by this API."),
    .init("Google Cloud Endpoints", "Path does not match any requirement URI template."),
    .init("Gravitee", "No context-path matches the request URI."), .init("3scale", "No Mapping Rule matched"),
    .init("WSO2 API Manager", "No matching resource found for given API Request"),
    .init("IBM API Connect", "No resources match requested URI"),
  ]
}
