using IrohRpc.Transports;

namespace IrohRpc.Hostile.Tests;

/// <summary>The books of callers and service balance, whatever happens to the service's process and to the link, on real sockets.</summary>
[Collection<RunsAlone>]
public sealed class ChaosTests
{
    private const string Balanced = "0 without an end; 0 lost, 0 applied twice, 0 applied though not started, 0 answered with another's";

    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task Books_balance_after_a_service_was_killed_and_stopped_under_load(string transport)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Processes cannot be stopped and continued here.");
        SkipUnlessSupported(transport);
        Assert.Contains(Balanced, await HostileProcess.RunAsync("chaos", transport, "1"), StringComparison.Ordinal);
    }

    /// <summary>Loss, delay, reordering, duplication, 1 Mbit/s, an MTU of 1,280, partitions and changes of address between two hosts in network namespaces.</summary>
    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task Books_balance_after_each_fault_of_the_link_under_load(string transport)
    {
        SkipUnlessSupported(transport);
        string said = await HostileProcess.RunAsync("link", transport, "0.5", "1", "3");
        Assert.SkipWhen(said.StartsWith("skipped:", StringComparison.Ordinal), said);
        Assert.Contains(Balanced + "; 0 faults left the books unbalanced or callers without answers", said, StringComparison.Ordinal);
    }

    private static void SkipUnlessSupported(string transport)
        => Assert.SkipUnless(transport != "msquic" || MsQuicTransport.Instance.UnsupportedReason is null, MsQuicTransport.Instance.UnsupportedReason ?? "");
}
