using IrohRpc.Transports;

namespace IrohRpc.Hostile.Tests;

/// <summary>A service that dies without a goodbye and comes back is met again soon, in processes of its own.</summary>
[Collection<RunsAlone>]
public sealed class RestartTests
{
    [Theory]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task Five_hundred_callers_are_answered_within_two_seconds_of_the_restart_of_a_killed_process(string transport)
    {
        if (transport == "msquic")
        {
            Assert.SkipUnless(MsQuicTransport.Instance.UnsupportedReason is null, MsQuicTransport.Instance.UnsupportedReason ?? "");
        }

        Assert.Contains("500 callers were answered again", await HostileProcess.RunAsync("restart", transport, "500", "2"), StringComparison.Ordinal);
    }
}

/// <summary>Runs while nothing else does: what is measured is time.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class RunsAlone;
