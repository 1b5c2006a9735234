using IrohRpc.Internal;

namespace IrohRpc.Tests;

/// <summary>
/// Streams, connections and clocks of others may throw anything from anywhere: every call ends, whichever shape it has and on whichever side they are, and so does
/// every connection.
/// </summary>
public sealed class BrokenSurroundingsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Each place on each side, on each transport.</summary>
    public static TheoryData<string, string, bool> Cases
    {
        get
        {
            var data = new TheoryData<string, string, bool>();
            foreach (string transport in EachTransport.Names)
            {
                foreach (string where in Breakage.Places)
                {
                    data.Add(transport, where, true);
                    data.Add(transport, where, false);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_throws_below_a_call_hangs_no_call_of_any_shape(string transport, string where, bool atTheCaller)
    {
        await Task.WhenAll(FailureTests.Shapes.Select(shape => CallAsync(transport, where, atTheCaller, shape)));
    }

    private static async Task CallAsync(string transport, string where, bool atTheCaller, Func<IProbe, Task> shape)
    {
        var breakage = new Breakage(where);
        Pair<IProbe> pair = await StartAsync(transport, breakage, atTheCaller);
        breakage.IsOn = true;
        try
        {
            await shape(pair.Proxy).Soon();
        }
        catch (Exception exception) when (exception is not TimeoutException)
        {
            // How it ends is the affair of what threw; that it ends is ours.
        }

        await EndAsync(pair, breakage);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task What_throws_below_a_connection_hangs_neither_its_disposal_nor_its_drain(string transport, string where, bool atTheCaller)
    {
        var breakage = new Breakage(where);
        Pair<IProbe> pair = await StartAsync(transport, breakage, atTheCaller);
        breakage.IsOn = true;
        Task drained = pair.Server.DrainAsync();
        await pair.Client.DisposeAsync().Soon();
        await pair.Server.DisposeAsync().Soon();
        await drained.Soon();
        await EndAsync(pair, breakage);
    }

    private static async Task<Pair<IProbe>> StartAsync(string transport, Breakage breakage, bool atTheCaller)
    {
        Pair<IProbe> pair = await Pair<IProbe>.StartAsync(
            new Probe(),
            atTheCaller ? null : new ServiceOptions { TimeProvider = breakage.Clock() },
            atTheCaller ? new ClientOptions { TimeProvider = breakage.Clock(), Timeout = TimeSpan.FromMinutes(1) } : new ClientOptions { Timeout = TimeSpan.FromMinutes(1) },
            wrapClient: atTheCaller ? breakage.Wrap : null,
            wrapServer: atTheCaller ? null : breakage.Wrap,
            on: transport);
        Assert.Equal("before", await pair.Proxy.EchoAsync("before", Token).Soon());
        return pair;
    }

    private static async Task EndAsync(Pair<IProbe> pair, Breakage breakage)
    {
        breakage.IsOn = false;
        await pair.Client.Connection.CloseAsync(0, cancellationToken: Token).Soon();
        await pair.Server.Connection.CloseAsync(0, cancellationToken: Token).Soon();
        await pair.Client.Completion.Soon();
        await pair.Server.Completion.Soon();
        await pair.Client.Connection.DisposeAsync().Soon();
        await pair.Server.Connection.DisposeAsync().Soon();
    }
}
