import CommandLineParsing
import OpenIDRegistration

extension ClientsyncCommand {
  /// The embedded provider on its own.
  static let provider = CommandSpecification(
    "provider", abstract: "Runs the embedded provider, for development and tests.",
    discussion: [
      "Once it serves it prints one line of JSON with its addresses, {\"public\":\"http://...\",\"admin\":\"http://...\"}, and it ends on SIGTERM or Ctrl-C, when the requests that have arrived have their answers.",
      "It asks for no password: an authorization request signs in the subject of its parameter login_hint and is granted what it asks for. The parameter login_claims, a JSON object, becomes claims of the ID token and of userinfo.",
      "The admin port has the part of Hydra's admin API that is about clients, and asks nobody who they are. With --profile rfc7591 there is none: there a read shows the secret and the registration access token, an update needs client_id, and the token lives on.",
    ],
    options: [
      OptionGroup(
        "Addresses",
        [
          OptionSpecification.value(
            "port", "N", .integer(0...65535), help: "The public port; 0 takes a free one.", defaultText: "4444"),
          OptionSpecification.value(
            "admin-port", "N", .integer(0...65535), help: "The admin port; 0 takes a free one.", defaultText: "4445"),
          OptionSpecification.value(
            "listen", "ADDRESS",
            help:
              "The address of both ports. Anything but loopback lets other machines in: they can do what you can. One that stands for all of them, as 0.0.0.0 does, wants --public-url as well.",
            defaultText: "127.0.0.1"),
          OptionSpecification.value("public-url", "URL", help: "The base of the URLs that it hands out; else its own address."),
        ]),
      OptionGroup(
        "Behaviour",
        [
          OptionSpecification.value(
            "profile", "NAME", .choice(Profile.all.map(\.name)),
            help: "Whose behaviour it has: Ory Hydra's to the byte, or what RFC 7591 and RFC 7592 say.", defaultText: "hydra"),
          OptionSpecification.value(
            "data", "PATH", .path, help: "Its SQLite file, or :memory:, which ends with it.", defaultText: ":memory:"),
          OptionSpecification.value(
            "setting", "KEY=JSON", .pair,
            help: "A setting by Hydra's configuration key, such as ttl.access_token='\"10s\"'; a wrong key names them all.",
            isRepeatable: true),
          OptionSpecification.flag(
            "verbose", short: "v", help: "Shows each request and each logout notice on standard error, without credentials."),
        ]),
      OptionGroup(
        "Faults",
        [
          OptionSpecification.value(
            "fault-plan", "FILE", .path, help: "What goes wrong from the start: JSON, or - for standard input."),
          OptionSpecification.flag(
            "faults", help: "Opens /faults on the admin port: GET shows the plan of faults, PUT replaces it, DELETE ends it."),
        ]),
    ],
    examples: [
      Example("clientsync provider --port 0 --admin-port 0", "Takes free ports; its data end with it."),
      Example(
        "echo '{\"faults\":[{\"operation\":\"create\",\"when\":\"after\",\"action\":\"drop\"}]}' | clientsync provider --fault-plan -",
        "The first create is done, and its answer never comes."),
    ])
}
