import ArgumentParser

/// An error message of the argument parser, completed with what to do.
struct ParserMessage {
  let text: String

  /// - Parameter type: the command, or the group of options, that was parsed.
  init(_ message: String, of type: any ParsableArguments.Type) {
    // The value may be anything, so the patterns end with the text that follows it.
    if let match = message.wholeMatch(of: /(?s)(The value '.*' is invalid for '--?([a-z-]+) <[^']*>')/),
      let syntax = type.syntax(ofOption: String(match.output.2))
    {
      text = "\(match.output.1); use \(syntax)"
    } else if message.hasPrefix("Unknown option '--api-key'") {
      text = "There is no option --api-key, because other users can see command lines; use --api-key-file FILE"
    } else {
      text = message
    }
  }
}

extension ParsableArguments {
  /// The syntax of an option's value; nil when the option or its syntax is unknown.
  ///
  /// - Parameter name: the long name, without the dashes.
  fileprivate static func syntax(ofOption name: String) -> String? {
    for child in Mirror(reflecting: Self()).children {
      if let group = child.value as? any OptionGroupProtocol {
        if let syntax = type(of: group).options.syntax(ofOption: name) { return syntax }
      } else if let option = child.value as? any OptionProtocol,
        let property = child.label?.dropFirst().lowercased(),
        // `_maxAttempts` is the property of `--max-attempts`, `_parameters` that of `-p`.
        name.count == 1 ? property.hasPrefix(name) : property == name.replacing("-", with: "")
      {
        return type(of: option).syntax
      }
    }
    return nil
  }
}

/// Access to the value type of any `@Option`.
private protocol OptionProtocol {
  static var syntax: String? { get }
}

extension Option: OptionProtocol {
  fileprivate static var syntax: String? {
    let element = (Value.self as? any ValueContainer.Type)?.element ?? Value.self
    return (element as? any ExplainedValue.Type)?.syntax
  }
}

/// The value of an option without a default, or of a repeatable one.
private protocol ValueContainer {
  static var element: Any.Type { get }
}

extension Optional: ValueContainer {
  fileprivate static var element: Any.Type { Wrapped.self }
}

extension Array: ValueContainer {
  fileprivate static var element: Any.Type { Element.self }
}
