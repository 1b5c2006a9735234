using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>
/// What a connection holds that has been used and is idle, both ends together. It is the managed heap of the whole process, so that nothing else may run
/// beside it.
/// </summary>
[Collection<RunsAlone>]
public sealed class IdleConnectionTests
{
    private const int Connections = 64;
    private const int MostRounds = 10;

    // It is 24,000 over QUIC and 26,000 over TLS in a release build; state machines are larger in a debug build.
    private const long MostBytes = 32 * 1024;

    // Less than what no connection does without means that something of an earlier test was collected meanwhile.
    private const long LeastBytes = 12 * 1024;

    [Theory]
    [InlineData("quic")]
    [InlineData("tls")]
    public async Task Idle_connection_holds_little_memory(string name)
    {
        ITransport transport = name == "quic" ? new QuicTransport() : new TlsTransport();
        var options = new PeerEndpointOptions
        {
            Transports = [transport],
            Limits = new ConnectionLimits { MaxConnectionsPerAddress = 10 * Connections, MaxConnectionsPerPeer = 10 * Connections },
        };
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(options, TestContext.Current.CancellationToken);
        await using Router router = await server.Route().Map<IWorkshop>(new Workshop()).StartAsync(TestContext.Current.CancellationToken);
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(options, TestContext.Current.CancellationToken);

        // Pools fill in the first rounds, and what tests before this one left goes: one round without such company shows what a connection holds.
        List<long> measured = [];
        for (int round = 0; round < MostRounds && !measured.Exists(IsPlausible); round++)
        {
            var clients = new PeerClient<IWorkshop>[Connections];
            long before = Measure();
            for (int i = 0; i < Connections; i++)
            {
                clients[i] = await client.ConnectAsync<IWorkshop>(server.Address, cancellationToken: TestContext.Current.CancellationToken);
                await clients[i].Service.TouchAsync(TestContext.Current.CancellationToken);
            }

            measured.Add((Measure() - before) / Connections);
            foreach (PeerClient<IWorkshop> one in clients)
            {
                await one.DisposeAsync();
            }
        }

        Assert.True(measured.Exists(IsPlausible), $"A connection held, round by round, so many bytes: {string.Join(", ", measured)}.");
    }

    private static bool IsPlausible(long bytes) => bytes is > LeastBytes and < MostBytes;

    private static long Measure()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
