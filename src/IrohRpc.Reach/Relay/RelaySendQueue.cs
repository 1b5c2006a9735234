using System.Buffers;
using IrohRpc.Reach.Relay.Protocol;

namespace IrohRpc.Reach.Relay;

/// <summary>The messages that wait to leave to a relay, oldest first. Safe for several threads.</summary>
internal sealed class RelaySendQueue(int maxMessages, TimeSpan maxAge, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Queue<Entry> _entries = new();
    private readonly SemaphoreSlim _signal = new(0);
    private bool _isSignalled;
    private bool _ended;
    private TaskCompletionSource? _emptied;

    /// <summary>Adds a copy of datagrams.</summary>
    /// <returns>False where there is no room, and the datagrams are lost.</returns>
    public bool TryAdd(RelayDatagrams datagrams)
    {
        int length = datagrams.MessageLength;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        datagrams.Write(buffer);
        return TryAdd(new Entry(buffer, length, time.GetTimestamp()));
    }

    /// <summary>Adds a message that is no datagram.</summary>
    public bool TryAdd(ReadOnlySpan<byte> message)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(buffer);
        return TryAdd(new Entry(buffer, message.Length, time.GetTimestamp()));
    }

    /// <summary>Waits until a message waits.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _signal.WaitAsync(cancellationToken);

    /// <summary>Takes the oldest message that is not too old; the caller gives its array back to the shared pool.</summary>
    public bool TryTake(out byte[] buffer, out int length)
    {
        lock (_gate)
        {
            while (_entries.TryDequeue(out Entry entry))
            {
                if (time.GetElapsedTime(entry.AddedAt) <= maxAge)
                {
                    (buffer, length) = (entry.Buffer, entry.Length);
                    return true;
                }

                ArrayPool<byte>.Shared.Return(entry.Buffer);
            }

            _isSignalled = false;
            _emptied?.TrySetResult();
            (buffer, length) = ([], 0);
            return false;
        }
    }

    /// <summary>Completes once everything that waits has been sent.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_gate)
        {
            return _isSignalled
                ? (_emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task
                : Task.CompletedTask;
        }
    }

    /// <summary>Has the next <see cref="WaitAsync"/> return where messages wait: for a loop that begins anew.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            // A loop that ended in the middle may have taken the signal with it.
            if (_entries.Count > 0 && _signal.CurrentCount == 0)
            {
                _isSignalled = true;
                _signal.Release();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            while (_entries.TryDequeue(out Entry entry))
            {
                ArrayPool<byte>.Shared.Return(entry.Buffer);
            }
        }

        _signal.Dispose();
    }

    private bool TryAdd(Entry entry)
    {
        lock (_gate)
        {
            if (_ended || _entries.Count >= maxMessages)
            {
                ArrayPool<byte>.Shared.Return(entry.Buffer);
                return false;
            }

            _entries.Enqueue(entry);
            if (!_isSignalled)
            {
                _isSignalled = true;
                _signal.Release();
            }

            return true;
        }
    }

    private readonly record struct Entry(byte[] Buffer, int Length, long AddedAt);
}
