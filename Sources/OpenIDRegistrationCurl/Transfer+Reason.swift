import COpenIDCurl
import OpenIDRegistration

extension Transfer {
  /// What kind of failure it was, and what happened, as a phrase without any credential.
  func reason(_ result: CURLcode) -> (HTTPTransportError.Code, String) {
    if isTooLarge {
      return (
        .answerTooLarge,
        "the answer is larger than \(configuration.maximumResponseBytes) bytes, or its header than "
          + "\(configuration.maximumHeaderBytes)"
      )
    }
    switch result {
    case CURLE_URL_MALFORMAT: return (.invalidURL, words(result))
    // libcurl's word for a path that no socket can have.
    case CURLE_COULDNT_RESOLVE_HOST where configuration.unixSocket != nil: return (.couldNotConnect, words(result))
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: return (.nameNotResolved, words(result))
    case CURLE_COULDNT_CONNECT, CURLE_PROXY:
      let socket = configuration.unixSocket.map { " (\($0))" } ?? ""
      return (.couldNotConnect, (systemWords ?? words(result)) + socket)
    // A file of this machine's: trying again reads the same.
    case CURLE_SSL_CERTPROBLEM where !hasBegun, CURLE_SSL_CACERT_BADFILE where !hasBegun:
      return (.invalidRequest, words(result))
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_INVALIDCERTSTATUS,
      CURLE_SSL_ENGINE_NOTFOUND, CURLE_USE_SSL_FAILED, CURLE_SSL_CLIENTCERT:
      return (hasBegun ? .connectionLost : .tls, words(result))
    case CURLE_OPERATION_TIMEDOUT:
      return (
        .timedOut,
        effect == .none
          ? "no connection within \(shown(min(configuration.connectTimeout, configuration.timeout)))"
          : "no answer within \(shown(configuration.timeout))"
      )
    case CURLE_GOT_NOTHING, CURLE_SEND_FAIL_REWIND, CURLE_ABORTED_BY_CALLBACK:
      return (.connectionLost, "the connection was closed before an answer came")
    case CURLE_PARTIAL_FILE: return (.connectionLost, "the answer broke off")
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      if let refusal = certificateRefusal { return (.tls, refusal) }
      return (hasBegun ? .connectionLost : .couldNotConnect, systemWords ?? words(result))
    // libcurl holds a line of the header in a buffer that has a bound.
    case CURLE_OUT_OF_MEMORY where hasBegun && !received.hasWholeHeader:
      return (.answerTooLarge, "a line of the answer's header has no end")
    case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
      return (.invalidAnswer, "what the server sent is no HTTP: \(words(result))")
    default: return (.other, words(result))
    }
  }

  /// What the server said of our certificate, where it ended the handshake over it.
  ///
  /// In TLS 1.3 the client is done before the server has looked at its certificate (RFC 8446, section 4.4.2.4), so the refusal comes
  /// where the answer should. The server ends the handshake with it: whatever had been sent is thrown away.
  private var certificateRefusal: String? {
    guard !hasStatus, let alert = easy.words.firstRange(of: " alert ") else { return nil }
    let name = easy.words[alert.upperBound...].prefix { $0 != "," && $0 != "\n" }
    switch name {
    case "certificate required": return "the server asks for a client certificate"
    case "bad certificate", "unsupported certificate", "certificate revoked", "certificate expired", "certificate unknown",
      "unknown ca", "access denied":
      return "the server does not accept the client certificate: \(name)"
    default: return nil
    }
  }

  /// The system's words for the failure: `connection refused`.
  private var systemWords: String? {
    let number = easy.long(CURLINFO_OS_ERRNO)
    return number == 0 ? nil : systemMessage(CInt(number))
  }

  /// libcurl's words as a phrase.
  private func words(_ result: CURLcode) -> String {
    let said = withoutUserInformation(
      easy.words.isEmpty ? unsafe String(cString: curl_easy_strerror(result)) : easy.words)
    var phrase = said.split(whereSeparator: \.isNewline).first.map(String.init) ?? said
    while phrase.last == "." || phrase.last == " " { phrase.removeLast() }
    // A word like "SSL" keeps its capitals.
    let second = phrase.dropFirst().first
    return second?.isLowercase ?? false ? phrase.prefix(1).lowercased() + phrase.dropFirst() : phrase
  }

  /// libcurl quotes a proxy that it cannot make sense of, and a password may stand in it.
  private func withoutUserInformation(_ text: String) -> String {
    guard let at = text.lastIndex(of: "@") else { return text }
    return (text.firstIndex(of: "'").map { text[...$0] } ?? "") + "…" + text[at...]
  }
}
