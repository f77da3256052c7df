extension ObjectSchema {
  /// Where credentials may go: a Registry says it, for whoever writes a Client may not choose a command or a file.
  static let destination = ObjectSchema(
    "a destination", combinations: [["command"], ["file"]],
    [
      Field(
        "command",
        .object(
          ObjectSchema(
            "a command",
            [
              Field(
                "argv", .list(.string(.any), atLeast: 1), "The program and its arguments; $(path) is the Client's path",
                isRequired: true,
                isOrdered: true),
              Field("format", .string(deliveryFormat), "What the command reads", fallback: "json"),
            ])), "A command that reads the credentials; runs only with --allow-exec"),
      Field(
        "file",
        .object(
          ObjectSchema(
            "a file destination",
            [
              Field("root", .string(.deliveryRoot), "The folder below which the files lie", isRequired: true),
              Field("format", .string(deliveryFormat), "What the files hold", fallback: "json"),
              Field("seal", .object(seal), "For whom the files are sealed, as SOPS does it"),
            ])), "A file below a folder"),
    ])

  private static let deliveryFormat = StringForm.choice(["json", "dotenv", "kubernetes-secret"])

  private static let seal = ObjectSchema(
    "seal",
    [Field("age", .list(.string(.ageRecipient), atLeast: 1), "The age recipients that may open the files", isRequired: true)])

  /// One destination of a Client.
  static let delivery = ObjectSchema(
    "a delivery",
    [
      Field("to", .string(.clientName), "The name of one of the registry's destinations", isRequired: true),
      Field("path", .string(.pathBelow), "Which file or entry there", isRequired: true),
    ])

  /// How a client that exists is taken over.
  static let adoption = ObjectSchema(
    "adopt",
    [
      Field("clientId", .string(.any), "The client's identifier at the provider", isRequired: true),
      Field(
        "registrationAccessToken",
        .object(
          ObjectSchema(
            "a client's token", combinations: [["env"], ["file"], ["age"]],
            [
              Field("env", .string(.manifestVariable), "An environment variable"),
              Field("file", .string(.pathBelow), "A file below the manifest's own folder"),
              Field("age", .string(.any), "The token, sealed for the registry's recipients as age armour"),
            ])), "The token that manages it"),
    ])
}
