using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Tests;

/// <summary>One-way calls at the end of a connection, and where a service has no place for them: they arrive, or the log says that they may not have.</summary>
public sealed class OneWayEndingTests
{
    private const int Large = 50_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_way_calls_that_cross_the_word_that_their_peer_leaves_run()
    {
        // What the server says does not leave: the caller posts without knowing.
        var gate = new OrderTests.WriteGate();
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, wrapServer: connection => new OrderTests.GatedConnection(connection, gate, accepted: true));
        await pair.Proxy.EchoAsync("before", Token).Soon();
        gate.Close();
        Task drained = pair.Server.DrainAsync();
        await pair.Server.Stopping.WhenFired().Soon();
        pair.Proxy.Note(1);
        await probe.NoteArrived.WaitAsync(Token).Soon();
        pair.Proxy.NoteBytes(2, new byte[Large]);
        await probe.NoteArrived.WaitAsync(Token).Soon();
        gate.Open();
        await drained.Soon();
        await pair.Client.Connection.Closed.Soon();
        Assert.Equal([1, 2], probe.Noted);
    }

    [Fact]
    public async Task What_was_posted_before_the_peer_left_is_read_before_the_connection_closes()
    {
        // What the caller posts is still on its way when it learns that the server leaves.
        var gate = new OrderTests.WriteGate();
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, wrapClient: connection => new OrderTests.GatedConnection(connection, gate));
        await pair.Proxy.EchoAsync("before", Token).Soon();
        gate.Close();
        for (int number = 0; number < 100; number++)
        {
            pair.Proxy.Note(number);
        }

        pair.Proxy.NoteBytes(100, new byte[Large]);
        Task drained = pair.Server.DrainAsync();
        while (!pair.Client.IsGoingAway)
        {
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }

        gate.Open();
        await drained.Soon();
        await pair.Client.Connection.Closed.Soon();
        await pair.Server.Completion.Soon();
        Assert.Equal(101, probe.Noted.Count);
    }

    [Fact]
    public async Task Large_one_way_calls_over_the_limit_of_the_service_wait_and_none_is_lost()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, new ServiceOptions { MaxCallsInProgress = 1 });
        Task<string> held = pair.Proxy.HoldAsync(Token).AsTask();
        await probe.Entered.Task.Soon();
        for (int number = 0; number < 20; number++)
        {
            pair.Proxy.NoteBytes(number, new byte[Large]);
            await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.EchoAsync("no place", Token).Soon());
        }

        probe.Gate.SetResult();
        await held.Soon();
        for (int number = 0; number < 20; number++)
        {
            await probe.NoteArrived.WaitAsync(Token).Soon();
        }

        Assert.Equal(20, probe.Noted.Distinct().Count());
    }

    [Fact]
    public async Task One_way_call_that_the_service_does_not_take_is_in_the_callers_log()
    {
        using var logs = new LogCollector();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(
            new Probe(), new ServiceOptions { MessageLimit = 32 * 1024 }, new ClientOptions { LoggerFactory = logs });
        pair.Proxy.NoteBytes(1, new byte[Large]);
        await AssertToldAsync(logs, "IProbe.NoteBytes");
        Assert.Equal("after", await pair.Proxy.EchoAsync("after", Token).Soon());
    }

    [Fact]
    public async Task One_way_call_to_a_peer_that_is_not_there_is_in_the_callers_log()
    {
        using var logs = new LogCollector();
        using SecretKey nobody = SecretKey.Generate();
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { Transports = [TlsTransport.Instance], ListenOn = [], LoggerFactory = logs }, Token);
        client.Connect<IProbe>(new EndpointAddress(nobody.Id, [TlsAddress.Create(new(System.Net.IPAddress.Loopback, 1))])).Note(1);
        await AssertToldAsync(logs, "IProbe.Note");
    }

    private static async Task AssertToldAsync(LogCollector logs, string method)
    {
        while (!logs.AtLeast(LogLevel.Warning).Any(line => line.Message.StartsWith($"The one-way call of {method} may not have reached", StringComparison.Ordinal)))
        {
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }
    }
}
