namespace IrohRpc.Relay.Internal;

/// <summary>What waits to leave to one client: short messages of the relay's own first, then datagrams. Safe for several threads.</summary>
internal sealed class OutgoingMessages(int maxMessages, int maxBytes) : IDisposable
{
    // More than a client can honestly cause before it reads: pings that ask for an answer, and peers that leave.
    private const int MaxOwn = 256;

    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _own = new();
    private readonly FairQueue _datagrams = new(maxMessages, maxBytes);
    private readonly SemaphoreSlim _signal = new(0);
    private bool _isSignalled;
    private bool _ended;

    /// <summary>Adds a message of the relay's own; the oldest one goes where there are too many.</summary>
    public void Add(byte[] message)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _own.Enqueue(message);
            if (_own.Count > MaxOwn)
            {
                _own.Dequeue();
            }

            Signal();
        }
    }

    /// <summary>Adds datagrams, which are this object's from here on.</summary>
    /// <returns>How many messages were dropped.</returns>
    public int Add(EndpointId sender, RelayMessage message)
    {
        lock (_gate)
        {
            if (_ended)
            {
                message.Release();
                return 1;
            }

            int dropped = _datagrams.Enqueue(sender, message);
            Signal();
            return dropped;
        }
    }

    /// <summary>Waits until there is something to send.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _signal.WaitAsync(cancellationToken);

    /// <summary>Takes the next message of the relay's own, or the next datagrams.</summary>
    /// <param name="own">A message of the relay's own, or null.</param>
    /// <param name="datagrams">Datagrams, to be released, where <paramref name="own"/> is null.</param>
    public bool TryTake(out byte[]? own, out RelayMessage datagrams)
    {
        lock (_gate)
        {
            datagrams = default;
            if (_own.TryDequeue(out own) || _datagrams.TryDequeue(out datagrams))
            {
                return true;
            }

            _isSignalled = false;
            return false;
        }
    }

    /// <summary>Drops everything, and what comes from here on.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            _own.Clear();
            _datagrams.Clear();
        }

        _signal.Dispose();
    }

    private void Signal()
    {
        if (!_isSignalled)
        {
            _isSignalled = true;
            _signal.Release();
        }
    }
}
