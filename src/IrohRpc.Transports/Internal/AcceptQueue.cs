using System.Threading.Channels;

namespace IrohRpc.Transports.Internal;

/// <summary>
/// The connections of one listener between their first byte and their acceptance: a bounded number of places, and the finished ones in
/// order. A place is taken before a handshake starts and given back when the handshake fails or the connection is accepted.
/// </summary>
/// <remarks>All members are safe to call from several threads at once. A cancelled accept loses no connection.</remarks>
internal sealed class AcceptQueue
{
    private readonly Channel<PeerConnection> _finished = Channel.CreateUnbounded<PeerConnection>();
    private readonly int _capacity;
    private readonly string _name;
    private int _taken;

    /// <summary>Makes an empty queue.</summary>
    /// <param name="capacity">How many places there are.</param>
    /// <param name="name">The listener, for messages.</param>
    public AcceptQueue(int capacity, string name)
    {
        _capacity = capacity;
        _name = name;
    }

    /// <summary>Takes a place for a connection that starts.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryReserve()
    {
        int taken = Volatile.Read(ref _taken);
        while (taken < _capacity)
        {
            int seen = Interlocked.CompareExchange(ref _taken, taken + 1, taken);
            if (seen == taken)
            {
                return true;
            }

            taken = seen;
        }

        return false;
    }

    /// <summary>Gives back the place of a connection that came to nothing.</summary>
    public void Release() => Interlocked.Decrement(ref _taken);

    /// <summary>Hands over a finished connection; its place is given back once it is accepted.</summary>
    /// <param name="connection">The connection; the queue owns it where the result is true.</param>
    /// <returns>False where the queue is closed: the caller keeps the connection and the place.</returns>
    public bool TryEnqueue(PeerConnection connection) => _finished.Writer.TryWrite(connection);

    /// <summary>The next finished connection, which the caller then owns.</summary>
    /// <param name="cancellationToken">Ends the wait; the connection stays for the next call.</param>
    /// <exception cref="ObjectDisposedException">The queue is closed.</exception>
    public async ValueTask<PeerConnection> AcceptAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            PeerConnection connection = await _finished.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            Release();
            return connection;
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(_name, $"The listener at {_name} was disposed of.");
        }
    }

    /// <summary>Refuses later connections, fails pending and later accepts, and disposes of what nobody has accepted.</summary>
    public async ValueTask CloseAsync()
    {
        _finished.Writer.TryComplete();
        List<Task> disposals = [];
        while (_finished.Reader.TryRead(out PeerConnection? connection))
        {
            disposals.Add(connection.DisposeAsync().AsTask());
            Release();
        }

        await Task.WhenAll(disposals).ConfigureAwait(false);
    }
}
