using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

/// <summary>Another transport, with what was written to the streams that its diallers opened.</summary>
internal sealed class CountingTransport(ITransport inner) : ITransport
{
    private readonly List<RecordingConnection> _dialled = [];

    public string Name => inner.Name;

    public string? UnsupportedReason => inner.UnsupportedReason;

    public int Dials
    {
        get
        {
            lock (_dialled)
            {
                return _dialled.Count;
            }
        }
    }

    public int OpenedStreams
    {
        get
        {
            lock (_dialled)
            {
                return _dialled.Sum(connection => connection.Streams.Count);
            }
        }
    }

    public bool CanDial(TransportAddress address) => inner.CanDial(address);

    public async ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken)
    {
        var connection = new RecordingConnection(await inner.DialAsync(address, request, cancellationToken));
        lock (_dialled)
        {
            _dialled.Add(connection);
        }

        return connection;
    }

    public ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken)
        => inner.ListenAsync(request, cancellationToken);
}
