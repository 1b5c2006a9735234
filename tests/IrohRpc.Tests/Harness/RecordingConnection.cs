using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>Keeps what goes over the streams that this side opens, in the order of their opening.</summary>
internal sealed class RecordingConnection(PeerConnection inner) : DelegatingConnection(inner)
{
    public List<RecordingStream> Streams { get; } = [];

    protected override PeerStream Opened(PeerStream stream)
    {
        var recording = new RecordingStream(stream);
        lock (Streams)
        {
            Streams.Add(recording);
        }

        return recording;
    }
}
