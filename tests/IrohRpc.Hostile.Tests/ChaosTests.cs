using IrohRpc.Transports;

namespace IrohRpc.Hostile.Tests;

/// <summary>The books balance after a service was killed, stopped, and stopped for longer than the idle time-out, on real sockets.</summary>
[Collection<RunsAlone>]
public sealed class ChaosTests
{
    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task Books_balance_after_a_service_was_killed_and_stopped_under_load(string transport)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Processes cannot be stopped and continued here.");
        if (transport == "msquic")
        {
            Assert.SkipUnless(MsQuicTransport.Instance.UnsupportedReason is null, MsQuicTransport.Instance.UnsupportedReason ?? "");
        }

        Assert.Contains("0 lost, 0 applied twice, 0 applied though not started", await HostileProcess.RunAsync("chaos", transport, "1"), StringComparison.Ordinal);
    }
}
