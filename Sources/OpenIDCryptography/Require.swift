/// Stops the program where OpenSSL cannot do its work at all.
///
/// It comes to that only where memory is out, or where an algorithm is missing from the machine's OpenSSL (a FIPS-only
/// configuration): nothing that a caller could mend, and nothing to go on without.
func require(_ isDone: Bool, _ work: StaticString) {
  precondition(isDone, "OpenSSL on this machine cannot do this: \(work)")
}
