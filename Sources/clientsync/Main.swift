import Commands
import Glibc

@main
struct Main {
  static func main() async {
    // Secrets are in memory from here on: no core dump may take them to the disk.
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    Interruption.install()
    let arguments = Array(CommandLine.arguments.dropFirst())
    exit(await Interruption.guarding { await ClientsyncCommand.run(arguments, .process(stop: Interruption.signal)) })
  }
}
