using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>How one direction of a memory stream ended: by its end, by an abort, or with the connection.</summary>
internal sealed class DirectionEnd
{
    private readonly PeerErrorKind _kind;
    private readonly long _code;
    private readonly ConnectionEnd? _connection;

    private DirectionEnd(PeerErrorKind kind, long code, ConnectionEnd? connection)
    {
        _kind = kind;
        _code = code;
        _connection = connection;
    }

    /// <summary>All was said, and the end of it.</summary>
    public static DirectionEnd Complete { get; } = new(default, 0, null);

    public static DirectionEnd AbortedLocally(long code) => new(PeerErrorKind.StreamAbortedLocally, code, null);

    public static DirectionEnd AbortedByPeer(long code) => new(PeerErrorKind.StreamAborted, code, null);

    public static DirectionEnd Lost(ConnectionEnd connection) => new(connection.Kind, 0, connection);

    /// <summary>A new exception for each operation, so that stacks tell the truth.</summary>
    public PeerException ToException(string direction, long streamId, EndpointId peer)
    {
        if (_connection is not null)
        {
            return _connection.ToException(peer);
        }

        string who = _kind == PeerErrorKind.StreamAborted ? $"Peer {peer.ToShortString()}" : "This side";
        return new PeerException(_kind, $"{who} aborted {direction} on stream {streamId} with code {_code}.", _code);
    }
}
