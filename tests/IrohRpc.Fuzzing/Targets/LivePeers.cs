using IrohRpc.Testing;

namespace IrohRpc.Fuzzing;

/// <summary>Peers on a network in memory: a service with an honest caller that a stranger writes to, and a hostile service that answers a caller with what it likes.</summary>
internal sealed class LivePeers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly MemoryNetwork _network = new();
    private readonly PeerEndpoint _server;
    private readonly PeerEndpoint _stranger;
    private readonly PeerEndpoint _hostile;
    private readonly IFuzzed _honest;
    private readonly IFuzzed _attacked;
    private PeerConnection? _connection;
    private byte[] _answer = [];

    public LivePeers()
    {
        _server = Get(_network.BindAsync());
        _stranger = Get(_network.BindAsync());
        _hostile = Get(_network.BindAsync());
        PeerEndpoint caller = Get(_network.BindAsync());
        _ = Get(_server.Route().Map<IFuzzed>(new Fuzzed()).StartAsync());
        _ = Get(_hostile.Route().Map("fuzzed/1", AnswerAsync).StartAsync());
        _honest = caller.Connect<IFuzzed>(_server.Address);
        _attacked = caller.Connect<IFuzzed>(_hostile.Address, new ClientOptions { MaxRetries = 0, WaitForReady = TimeSpan.FromSeconds(5) });
    }

    /// <summary>A stranger writes on a stream of its own and ends it; whoever else calls is answered.</summary>
    public void Lane(ReadOnlySpan<byte> input)
    {
        byte[] bytes = input.ToArray();
        Task.Run(async () =>
        {
            if (_connection is null || _connection.Closed.IsCompleted)
            {
                _connection = await _stranger.DialAsync(_server.Address, "fuzzed/1");
            }

            try
            {
                await using PeerStream stream = await _connection.OpenBidirectionalStreamAsync();
                await stream.WriteAsync(bytes, completeWrites: true);
                byte[] buffer = new byte[4096];
                while (await stream.ReadAsync(buffer) > 0)
                {
                }
            }
            catch (PeerException)
            {
                // The stream was reset, or the connection closed: the attacker's loss.
            }

            FuzzTargets.Require(await _honest.EchoAsync("honest") == "honest", "an honest caller got another answer");
        }).WaitAsync(Patience).GetAwaiter().GetResult();
    }

    /// <summary>A caller is answered by a stranger: its call ends, whatever comes.</summary>
    public void Answer(ReadOnlySpan<byte> input)
    {
        _answer = input.ToArray();
        Task.Run(async () =>
        {
            try
            {
                await _attacked.EchoAsync("hello");
                await foreach (int _ in _attacked.CountAsync(3))
                {
                }
            }
            catch (RpcException)
            {
                // What a caller should get.
            }
        }).WaitAsync(Patience).GetAwaiter().GetResult();
    }

    private async ValueTask AnswerAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellationToken);
            byte[] request = new byte[4096];
            _ = await stream.ReadAsync(request, cancellationToken);
            await stream.WriteAsync(_answer, completeWrites: true, cancellationToken);
        }
    }

    private static T Get<T>(ValueTask<T> task) => task.AsTask().GetAwaiter().GetResult();
}
