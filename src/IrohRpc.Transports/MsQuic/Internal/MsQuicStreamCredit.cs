using System.Net.Quic;
using System.Runtime.Versioning;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>
/// How many streams the peer lets this side open, as System.Net.Quic tells it. It decides nothing: MsQuic holds back an open by itself, and
/// silently; this only knows that it will.
/// </summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class MsQuicStreamCredit
{
    private int _bidirectional;
    private int _unidirectional;

    /// <summary>The peer allows more.</summary>
    public void Add(QuicConnection connection, QuicStreamCapacityChangedArgs change)
    {
        Interlocked.Add(ref _bidirectional, change.BidirectionalIncrement);
        Interlocked.Add(ref _unidirectional, change.UnidirectionalIncrement);
    }

    /// <summary>Counts a stream that is being opened.</summary>
    /// <returns>Whether the peer allows it now.</returns>
    public bool Take(QuicStreamType type)
        => (type == QuicStreamType.Bidirectional
            ? Interlocked.Decrement(ref _bidirectional)
            : Interlocked.Decrement(ref _unidirectional)) >= 0;
}
