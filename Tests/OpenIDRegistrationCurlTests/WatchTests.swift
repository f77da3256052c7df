import Testing

@testable import OpenIDRegistrationCurl

/// When the loop wakes.
@Suite struct WatchTests {
  @Test func `libcurl's time comes once, so that a loop without work sleeps`() throws {
    let watch = Watch(bell: try #require(Bell()))
    #expect(!watch.takeDue())
    watch.setTimer(0)
    #expect(watch.takeDue() && !watch.takeDue())
    watch.setTimer(0)
    watch.setTimer(-1)
    #expect(!watch.takeDue())
    watch.setTimer(600_000)
    #expect(!watch.takeDue())
  }

  @Test func `the bell ends a wait, also where it rang before, and any number of times`() throws {
    let bell = try #require(Bell())
    let watch = Watch(bell: bell)
    for _ in 0..<200_000 { bell.ring() }
    #expect(watch.wait(atMost: .seconds(600)).isEmpty)
    // It was silenced: now nothing ends the wait but its time.
    #expect(watch.wait(atMost: .milliseconds(1)).isEmpty)
  }
}
