namespace IrohRpc.Blobs.Getter;

/// <summary>Watches how fast one provider answers one request: in each period something has to come, and enough of it.</summary>
internal sealed class ProviderPace : IDisposable
{
    private readonly CancellationTokenSource _tooSlow = new();
    private readonly ITimer _timer;
    private readonly TimeSpan _period;
    private readonly long _minBytes;
    private long _received;
    private long _receivedTooSlowly;

    /// <summary>Begins the first period.</summary>
    /// <param name="period">How long a period is.</param>
    /// <param name="minBytesPerSecond">How many bytes a second have to come, on average over a period.</param>
    /// <param name="time">The clock.</param>
    public ProviderPace(TimeSpan period, long minBytesPerSecond, TimeProvider time)
    {
        _period = period;
        _minBytes = Math.Max(1, (long)Math.Min(long.MaxValue / 2, minBytesPerSecond * period.TotalSeconds));
        _timer = time.CreateTimer(static pace => ((ProviderPace)pace!).EndPeriod(), this, period, period);
    }

    /// <summary>Fires at the end of a period in which too little came.</summary>
    public CancellationToken TooSlow => _tooSlow.Token;

    /// <summary>What came in that period, in words.</summary>
    public string Finding => _receivedTooSlowly == 0
        ? $"sent nothing for {_period.TotalSeconds} seconds"
        : $"sent {_receivedTooSlowly} bytes in {_period.TotalSeconds} seconds, and at least {_minBytes} were expected";

    /// <summary>Takes note of bytes, verified or not: those that are wrong end the request by themselves.</summary>
    public void Received(int count) => Interlocked.Add(ref _received, count);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _tooSlow.Dispose();
    }

    private void EndPeriod()
    {
        long received = Interlocked.Exchange(ref _received, 0);
        if (received >= _minBytes)
        {
            return;
        }

        Volatile.Write(ref _receivedTooSlowly, received);
        try
        {
            _tooSlow.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The request ended in this very moment.
        }
    }
}
