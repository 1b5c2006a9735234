namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>
/// How long a peer has left packets without an answer that it has to acknowledge, by what the counts of packets say each time somebody asks. A
/// mutable struct: it lives in a field of its owner, which guards it.
/// </summary>
internal struct SilenceMeter
{
    private ulong _sent;
    private ulong _received;
    private long _since;
    private bool _isOwed;

    /// <param name="sent">How many packets were sent that the peer has to acknowledge.</param>
    /// <param name="received">How many packets came from it.</param>
    /// <param name="clock">The clock.</param>
    public TimeSpan Measure(ulong sent, ulong received, TimeProvider clock)
    {
        if (received != _received)
        {
            _isOwed = false;
        }
        else if (sent != _sent && !_isOwed)
        {
            _isOwed = true;
            _since = clock.GetTimestamp();
        }

        _sent = sent;
        _received = received;
        return _isOwed ? clock.GetElapsedTime(_since) : TimeSpan.Zero;
    }
}
