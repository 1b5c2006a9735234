namespace IrohRpc.Hostile.Tests;

/// <summary>Floods and sloths lock nobody out, and take no memory without bound; the table is made by the same command with more seconds.</summary>
[Collection<RunsAlone>]
public sealed class FloodTests
{
    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    public async Task Honest_callers_are_answered_and_let_in_beside_every_flood_within_bounded_memory(string transport)
        => Assert.Contains("0 floods harmed others", await HostileProcess.RunAsync("floods", transport, "0.4"), StringComparison.Ordinal);
}
