using System.Collections.Concurrent;
using System.Threading.Channels;
using IrohRpc.Transports;

namespace IrohRpc.Tests.Support;

/// <summary>A transport whose dials do what the test says, when it says so. Its addresses are custom ones of its own number.</summary>
internal sealed class ScriptedTransport(string name, ulong number) : ITransport
{
    private readonly Channel<ScriptedDial> _dials = Channel.CreateUnbounded<ScriptedDial>();

    public string Name => name;

    public string? UnsupportedReason { get; init; }

    public int DialCount { get; private set; }

    public TransportAddress Address(byte host) => TransportAddress.Custom(number, [host]);

    /// <summary>The next dial, in the order in which they start.</summary>
    public ValueTask<ScriptedDial> NextDialAsync() => _dials.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public bool CanDial(TransportAddress address) => address.Kind == TransportAddressKind.Custom && address.Number == number;

    public ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken)
    {
        DialCount++;
        var dial = new ScriptedDial(name, address, request, cancellationToken);
        Assert.True(_dials.Writer.TryWrite(dial));
        return new(dial.Task);
    }

    public ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken)
        => throw new PeerException(PeerErrorKind.AddressInUse, "A scripted transport does not listen.");
}

/// <summary>One dial, waiting for the test to say what comes of it. It takes note of being cancelled but does not end by it.</summary>
internal sealed class ScriptedDial
{
    private readonly TaskCompletionSource<PeerConnection> _outcome = new();
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _token;
    private readonly string _transport;
    private readonly DialRequest _request;

    public ScriptedDial(string transport, TransportAddress address, DialRequest request, CancellationToken token)
    {
        _transport = transport;
        _request = request;
        _token = token;
        Address = address;
        token.Register(_cancelled.SetResult);
    }

    public TransportAddress Address { get; }

    public Task<PeerConnection> Task => _outcome.Task;

    public Task Cancelled => _cancelled.Task;

    public ScriptedConnection Connect()
    {
        var connection = new ScriptedConnection(_transport, _request.PeerId, _request.Alpns[0], Address);
        _outcome.SetResult(connection);
        return connection;
    }

    /// <summary>Connects to a peer that has refused the connection by the time that the dial completes.</summary>
    public ScriptedConnection ConnectRefused(string reason)
    {
        var connection = new ScriptedConnection(_transport, _request.PeerId, _request.Alpns[0], Address);
        connection.End(new(PeerErrorKind.ClosedByPeer, ConnectionErrorCodes.Refused, reason));
        _outcome.SetResult(connection);
        return connection;
    }

    public void Fail(PeerErrorKind kind, string message) => _outcome.SetException(new PeerException(kind, message));

    public void Fail(Exception exception) => _outcome.SetException(exception);

    public void EndCancelled() => _outcome.SetException(new OperationCanceledException(_token));
}
