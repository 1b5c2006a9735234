using System.Threading.Channels;

namespace IrohRpc.Transports.Conformance;

/// <summary>Admits, or not, and writes down what the listener does with the leases.</summary>
public sealed class RecordingAdmission : IHandshakeAdmission
{
    private readonly Channel<RecordingLease> _leases = Channel.CreateUnbounded<RecordingLease>();

    public bool Refuse { get; set; }

    public List<TransportAddress> Asked { get; } = [];

    public IHandshakeLease? TryAdmit(TransportAddress remoteAddress)
    {
        lock (Asked)
        {
            Asked.Add(remoteAddress);
        }

        if (Refuse)
        {
            return null;
        }

        var lease = new RecordingLease();
        _leases.Writer.TryWrite(lease);
        return lease;
    }

    /// <summary>The next lease that was given.</summary>
    public Task<RecordingLease> NextAsync() => _leases.Reader.ReadAsync(TestContext.Current.CancellationToken).Bounded();
}
