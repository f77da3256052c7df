import CBuildInformation

@main
struct Main { static func main() { print(unsafe String(cString: clientsync_build_commit())) } }
