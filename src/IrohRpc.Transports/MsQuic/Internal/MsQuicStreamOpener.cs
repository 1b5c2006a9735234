using System.Net.Quic;
using System.Runtime.Versioning;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>
/// Opens the streams of one type. An open that is given up must not be cancelled in System.Net.Quic: MsQuic has used up the number of
/// the stream by then, and the peer's credit for it is gone for good. So it runs on, and its stream goes to the next who wants one.
/// </summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class MsQuicStreamOpener
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private readonly Func<QuicStreamType, ValueTask<QuicStream>> _open;
    private readonly QuicStreamType _type;
    private Queue<QuicStream>? _spare;
    private int _opening;
    private Func<Exception>? _closed;

    /// <summary>Makes an opener.</summary>
    /// <param name="type">Of which type its streams are.</param>
    /// <param name="open">Opens one, whenever the peer allows it; never cancelled.</param>
    public MsQuicStreamOpener(QuicStreamType type, Func<QuicStreamType, ValueTask<QuicStream>> open)
    {
        _type = type;
        _open = open;
    }

    /// <summary>How many wait for a stream.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiters.Count;
            }
        }
    }

    /// <summary>Opens a stream, in the order of the calls.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<QuicStream> OpenAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Waiter waiter;
        bool mustOpen;
        lock (_lock)
        {
            if (_closed is not null)
            {
                throw _closed();
            }

            if (_spare is not null && _spare.TryDequeue(out QuicStream? spare))
            {
                return spare;
            }

            waiter = new Waiter(this);
            waiter.Node = _waiters.AddLast(waiter);
            mustOpen = _opening < _waiters.Count;
            if (mustOpen)
            {
                _opening++;
            }
        }

        if (mustOpen)
        {
            _ = OpenOneAsync();
        }

        using (cancellationToken.UnsafeRegister(static (state, token) => ((Waiter)state!).Cancel(token), waiter))
        {
            return await waiter.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Fails everybody who waits or comes later.</summary>
    /// <param name="reason">Makes the exception for each.</param>
    /// <returns>Streams that were opened and that nobody wanted; the caller owns them.</returns>
    public IReadOnlyList<QuicStream> Close(Func<Exception> reason)
    {
        List<Waiter> waiters;
        List<QuicStream> spare;
        lock (_lock)
        {
            _closed ??= reason;
            waiters = [.. _waiters];
            _waiters.Clear();
            spare = [.. _spare ?? []];
            _spare = null;
        }

        foreach (Waiter waiter in waiters)
        {
            waiter.TrySetException(reason());
        }

        return spare;
    }

    /// <summary>Owns one open of System.Net.Quic's until its stream has found its owner. Never throws.</summary>
    private async Task OpenOneAsync()
    {
        QuicStream stream;
        try
        {
            stream = await _open(_type).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // It is handed to whoever has waited longest.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            lock (_lock)
            {
                _opening--;
            }

            TakeFirst()?.TrySetException(exception);
            return;
        }

        lock (_lock)
        {
            _opening--;
        }

        while (true)
        {
            Waiter? waiter;
            lock (_lock)
            {
                waiter = TakeFirst();
                if (waiter is null && _closed is null)
                {
                    (_spare ??= new Queue<QuicStream>()).Enqueue(stream);
                    return;
                }
            }

            if (waiter is null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
                return;
            }

            if (waiter.TrySetResult(stream))
            {
                return;
            }
        }
    }

    private Waiter? TakeFirst()
    {
        lock (_lock)
        {
            Waiter? first = _waiters.First?.Value;
            if (first is not null)
            {
                _waiters.RemoveFirst();
            }

            return first;
        }
    }

    private sealed class Waiter(MsQuicStreamOpener owner) : TaskCompletionSource<QuicStream>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public LinkedListNode<Waiter>? Node { get; set; }

        public void Cancel(CancellationToken cancellationToken)
        {
            lock (owner._lock)
            {
                if (Node?.List is not null)
                {
                    owner._waiters.Remove(Node);
                }
            }

            TrySetCanceled(cancellationToken);
        }
    }
}
