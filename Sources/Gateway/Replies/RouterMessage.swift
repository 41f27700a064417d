/// A message that a router, a web framework or an API gateway sends with a 404 for an unknown route. A message is
/// listed in ``all`` only if it can't be about a project or its integration.
struct RouterMessage: Sendable {
  /// The whole message, normalized as by ``RouterText``: in lower case, without quotation marks. `{a|b}` is a choice,
  /// `*` a path or a URL.
  let pattern: String
  /// The software that sends it.
  let sender: String
  /// The source of the message, or an example.
  let source: String

  private let parts: [RouterText.Part]

  private init(_ pattern: String, of sender: String, source: String) {
    self.pattern = pattern
    self.sender = sender
    self.source = source
    parts = RouterText.parts(of: pattern)
  }

  /// The first message of ``all`` that matches the text; nil when none does.
  static func matching(_ text: String) -> RouterMessage? {
    let text = RouterText(text)
    return all.first { text.matches($0.parts) }
  }

  /// Usual names of a route.
  private static let route =
    "{|the |this |that |your }{|requested |request |api |http |rest }"
    + "{route|endpoint|path|page|url|uri|resource|operation|method|api|action|handler}"
  /// What a platform routes a request to.
  private static let host =
    "{app|application|site|web site|website|host|hostname|virtual host|domain|deployment|tunnel}"
  /// The request, in the usual spellings.
  private static let request = "{|get |get:|[get] }*"

  static let all: [RouterMessage] = [
    // Nothing more than the status.
    .init(
      "{|(}{404|not found|notfound|{not found|notfound}{| }{error|exception}}{|)}", of: "many frameworks and gateways",
      source: "RFC 9110 §15.5.5: FastAPI, Rails, ASP.NET Core, Spring Boot, Echo, Hapi, Amazon HTTP API, gRPC-Gateway"),
    .init("not found{:| -| at|} \(request)", of: "Express applications", source: "`Not Found - ${req.originalUrl}`"),
    .init(
      "{no|n{ã|a}o} encontrad{o|a}", of: "applications in Spanish or Portuguese",
      source: "the reason phrase, translated"),

    // A route that does not exist, in general terms.
    .init(
      route + "{| \(request)} "
        + "{{|was |is }not found|{could not|cannot|can not|cant} be found|does not exist|doesnt exist|not exist"
        + "|is not available|{|is }not defined|is {unknown|invalid}}"
        + "{| on {this|the} server| but may be available again in the future}{|:| -}{| \(request)}",
      of: "many frameworks and gateways",
      source:
        "Azure API Management `Resource not found`, Go `404 page not found`, APISIX `404 Route Not Found`, Fastify "
        + "`Route GET:/x not found`, Laravel `The route x could not be found.`, Sanic `Requested URL /x not found`"),
    .init(
      "{unknown|invalid|undefined|unrecognized|no such|no matching|no} \(route){| found}{|:| -}{| \(request)}",
      of: "many frameworks and gateways",
      source: "`unknown endpoint`, `No such route`, Spring 6 `No endpoint GET /x.`"),
    .init(
      "{|la |el |a |o }{ruta|rota|p{á|a}gina|url|uri|recurso|endpoint|m{é|e}todo}{| \(request)| solicitad{a|o}} "
        + "{{no|n{ã|a}o} {|fue |foi }encontrad{a|o}|{no|n{ã|a}o} existe}{| {en este|en el|neste|no} servidor}"
        + "{|:| -}{| \(request)}",
      of: "applications in Spanish or Portuguese", source: "`Ruta no encontrada`, `Rota não encontrada: GET /x`"),
    .init(
      "{{no such |unknown |invalid }\(host)|{|the |this }{|requested }\(host) "
        + "{not found|was not found|could not be found|does not exist}}", of: "hosting platforms",
      source: "Railway `Application not found`, Heroku `No such app`, Azure `Web Site not found`"),

    // Web frameworks.
    .init(
      "{cannot|can not|cant} {get|get:|find|match}{| }\(request){| on {this|the} server}",
      of: "Express, NestJS or AdonisJS",
      source: "finalhandler and NestJS `Cannot GET /x`, AdonisJS `Cannot GET:/x`, `Can't find /x on this server!`"),
    .init("no static resource *", of: "Spring MVC", source: "NoResourceFoundException, Spring 6.1"),
    .init("no {handler|mapping} {|found }for \(request)", of: "Spring MVC", source: "NoHandlerFoundException"),
    .init(
      "no mapping found for http request with uri {|[}*", of: "Spring MVC", source: "DispatcherServlet, Spring 3 to 5"),
    .init("no route found for \(request)", of: "Symfony", source: "RouterListener `No route found for \"GET /x\"`"),
    .init("no route matches \(request)", of: "Rails", source: "ActionController::RoutingError"),
    .init("no route was found matching the url and request method", of: "WordPress", source: "rest_no_route"),
    .init(
      "no http resource was found that matches the request uri{| *}", of: "ASP.NET Web API",
      source: "HttpControllerDispatcher"),
    .init(
      "{resteasy003210: |}could not find resource for {full|relative|absolute} {path|}{|:} *",
      of: "RESTEasy or Quarkus",
      source: "RESTEASY003210"),
    .init("cannot find any {route|path} matching \(request)", of: "Nitro", source: "h3"),
    .init(
      "the requested url was not found on the server. if you entered the url manually please check your spelling and "
        + "try again",
      of: "Flask", source: "werkzeug.exceptions.NotFound"),
    .init("there is no method to handle \(request)", of: "LoopBack", source: "strong-remoting"),
    .init(
      "\(request) {does not exist|is not a valid route|{|was }not found}", of: "Restify",
      source: "ResourceNotFoundError"),
    .init("unrecognized request url (get: *", of: "APIs modeled on Stripe's", source: "invalid_request_error"),
    .init("invalid url (get *", of: "APIs modeled on OpenAI's", source: "invalid_request_error"),
    .init("no listener for endpoint{:|} *", of: "Mule", source: "HTTP listener"),
    .init(
      "{{could not|cannot|can not|cant} find|there is no|no} {|the |such }{route|resource|api|endpoint|page|service}"
        + "{| found}{| {at|for} {this|the} {path|url|address}}",
      of: "many frameworks and gateways", source: "`Could not find the route`, `No API found at this path`"),
    .init(
      "{|sorry{|,} }{|the |that |this }page {|you are looking for |you requested }{could not be found|does not exist}",
      of: "many frameworks and gateways", source: "error pages of web sites, as JSON"),
    .init(
      "{default backend - 404|no healthy upstream}", of: "an ingress controller or Envoy",
      source: "ingress-nginx's default backend, Envoy's local replies"),
    .init(
      "{the specified {key|bucket} does not exist|{nosuch|no such }{key|bucket}|resourcenotfound}", of: "object stores",
      source: "Amazon S3 NoSuchKey, NoSuchBucket; Azure Storage ResourceNotFound"),
    .init(
      "the server could not find the requested resource", of: "Kubernetes",
      source: "apimachinery, NewGenericServerResponse"),

    // API gateways.
    .init("no route matched with those value{|s}", of: "Kong", source: "kong/runloop/handler.lua"),
    .init("api not found with these values", of: "Kong", source: "Kong before 0.11"),
    .init("missing authentication token", of: "Amazon API Gateway", source: "MISSING_AUTHENTICATION_TOKEN"),
    .init(
      "no method found matching route * for http method get", of: "Amazon API Gateway", source: "RESOURCE_NOT_FOUND"),
    .init(
      "unable to match incoming request to an operation", of: "Azure API Management", source: "OperationNotFound"),
    .init(
      "the {current |}request {|get }{|* }is not defined by this api", of: "Google API Gateway or Cloud Endpoints",
      source: "ESPv2, path matcher"),
    .init("path does not match any requirement uri template", of: "Google Cloud Endpoints", source: "ESPv2"),
    .init("no context-path matches the request uri", of: "Gravitee", source: "gateway's NotFoundProcessor"),
    .init("no mapping rule matched", of: "3scale", source: "APIcast, error_no_match"),
    .init("no matching resource found for {|given }api request", of: "WSO2 API Manager", source: "error 900906"),
    .init("no resources match requested uri", of: "IBM API Connect", source: "DataPower API gateway"),
  ]
}
