using IrohRpc.Transports;

namespace IrohRpc.Hostile.Tests;

/// <summary>Floods and sloths lock nobody out, and take no memory without bound; the table is made by the same command with more seconds.</summary>
[Collection<RunsAlone>]
public sealed class FloodTests
{
    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task Honest_callers_are_answered_and_let_in_beside_every_flood_within_bounded_memory(string transport)
    {
        Assert.SkipWhen(transport == "msquic" && MsQuicTransport.Instance.UnsupportedReason is not null, MsQuicTransport.Instance.UnsupportedReason ?? "");
        Assert.Contains("0 floods harmed others", await HostileProcess.RunAsync("floods", transport, "0.4"), StringComparison.Ordinal);
    }
}
