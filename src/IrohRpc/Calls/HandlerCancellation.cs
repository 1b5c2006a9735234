using System.Diagnostics.CodeAnalysis;

namespace IrohRpc.Calls;

/// <summary>
/// Tells a handler that nobody waits for it any more: its caller gave up, its deadline has passed, or the connection is lost. The token is made when the handler
/// asks for it. Safe to use from several threads at once; a mutable structure, to be kept in a field.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source is disposed when it holds a timer; otherwise there is nothing to release.")]
internal struct HandlerCancellation()
{
    // Timers are limited to about 49 days; longer deadlines mean none. In microseconds.
    private const long LongestTimeout = 4_000_000_000_000;

    private readonly Lock _gate = new();
    private CancellationTokenSource? _source;
    private ITimer? _timer;
    private long? _deadline;
    private bool _isRequested;

    public readonly bool HasDeadline => _deadline is not null;

    /// <summary>When the deadline passes, as a timestamp of the host's clock; null for never.</summary>
    public readonly long? Deadline => _deadline;

    /// <summary>Whether the caller gave the call up, or the connection is lost.</summary>
    public readonly bool IsRequested => Volatile.Read(in _isRequested);

    /// <summary>A deadline as a request tells it, counted from now; null for none.</summary>
    public static long? ReadDeadline(ICallHost host, long timeout)
        => timeout is >= 0 and < LongestTimeout
            ? host.Options.TimeProvider.GetTimestamp() + (long)(timeout * (host.Options.TimeProvider.TimestampFrequency / 1e6))
            : null;

    public void Begin(long? deadline) => _deadline = deadline;

    /// <summary>How much time is left of a call that has a deadline.</summary>
    public readonly TimeSpan TimeLeft(ICallHost host) => host.Options.TimeProvider.GetElapsedTime(host.Options.TimeProvider.GetTimestamp(), _deadline!.Value);

    /// <summary>Whether nobody waits for the result any more.</summary>
    public readonly bool IsGivenUp(ICallHost host, bool isOneWay)
    {
        lock (_gate)
        {
            return _isRequested || _source is { IsCancellationRequested: true } || (isOneWay && host.Ending.IsCancellationRequested);
        }
    }

    /// <summary>Whether the deadline ended the call.</summary>
    public readonly bool IsPastDeadline(ICallHost host)
    {
        lock (_gate)
        {
            return !_isRequested && _deadline is not null && (_source is { IsCancellationRequested: true } || TimeLeft(host) <= TimeSpan.Zero);
        }
    }

    /// <summary>Marks the call as given up, and returns what tells the handler; null while nobody has asked for it.</summary>
    public CancellationTokenSource? Take()
    {
        lock (_gate)
        {
            _isRequested = true;
            return _source;
        }
    }

    /// <summary>The handler's token.</summary>
    public CancellationToken GetToken(ICallHost host, bool isOneWay)
    {
        lock (_gate)
        {
            if (_source is not null)
            {
                return _source.Token;
            }

            if (_isRequested)
            {
                return new CancellationToken(canceled: true);
            }

            if (_deadline is null)
            {
                // Nobody can give up a one-way call; it ends with its connection.
                return isOneWay ? host.Ending : (_source = new CancellationTokenSource()).Token;
            }

            TimeSpan left = TimeLeft(host);
            if (left <= TimeSpan.Zero)
            {
                return new CancellationToken(canceled: true);
            }

            _source = isOneWay ? CancellationTokenSource.CreateLinkedTokenSource(host.Ending) : new CancellationTokenSource();
            _timer = HandlerSignal.FireAfter(host, _source, left);
            return _source.Token;
        }
    }

    /// <summary>The call has ended.</summary>
    public readonly void End()
    {
        if (_deadline is not null)
        {
            _timer?.Dispose();
            _source?.Dispose();
        }
    }

    /// <summary>Forgets everything, for another call.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _source = null;
            _timer = null;
            _isRequested = false;
            _deadline = null;
        }
    }
}
