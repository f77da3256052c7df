/// Their JSON: a type of the module's own name, beside ours.
public enum JSON: Equatable {
  case text(String)
  case list([JSON])
}
