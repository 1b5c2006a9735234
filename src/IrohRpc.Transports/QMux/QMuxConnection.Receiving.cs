using System.Buffers;
using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Transports.Multiplexed;

namespace IrohRpc.Transports.QMux;

// What arrives.
internal sealed partial class QMuxConnection : IThreadPoolWorkItem
{
    // Four of the largest records, or less and a part of the next.
    private const int ReceiveBufferLength = 64 * 1024;

    // A read of this many bytes is part of a bulk transfer, of which so many reads are handed out together.
    private const int BulkRead = 8 * 1024;
    private const int MaxUntoldReads = 16;

    // Streams in the midst of a bulk transfer, whose readers are not woken for each piece of it. Within the lock.
    private readonly List<MultiplexedPeerStream> _untold = [];

    // The last read that the loop completed and has not told yet. The loop's alone.
    private CompletedRead _completedRead;
    private Action? _queued;

    /// <summary>Whether the loop has a completed read to tell.</summary>
    internal bool HasCompletedRead => _completedRead.Stream is not null;

    /// <summary>The completed read that the loop is to tell on its own thread.</summary>
    /// <param name="all">Whether readers are to be woken that were to wait for more: there is no more for now.</param>
    internal CompletedRead TakeCompletedRead(bool all)
    {
        if (all && _untold.Count > 0)
        {
            lock (Gate)
            {
                HandleUntold();
            }
        }

        CompletedRead read = _completedRead;
        _completedRead = default;
        return read;
    }

    /// <summary>Has the loop go on on the thread pool.</summary>
    internal void Queue(Action loop)
    {
        _queued = loop;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        Action loop = _queued!;
        _queued = null;
        loop();
    }

    private async Task ReceiveAsync()
    {
        byte[]? buffer = null;
        Exception? failure = null;
        try
        {
            int held = 0;
            int untold = 0;
            int count = 0;
            while (true)
            {
                if (held == 0 && count < BulkRead)
                {
                    // A read of nothing waits for the first byte, so that an idle connection holds no memory for receiving, nor does the
                    // stream below. In a bulk transfer it would be in vain.
                    Return(ref buffer);
                    await new ReceiveLoopRead(this, _duplex.ReadAsync(Memory<byte>.Empty, _abort.Token));
                }

                buffer ??= ArrayPool<byte>.Shared.Rent(ReceiveBufferLength);
                count = await new ReceiveLoopRead(this, _duplex.ReadAsync(buffer.AsMemory(held), _abort.Token));
                if (count == 0)
                {
                    break;
                }

                // Much at once means that more is about to come: its readers are woken once for several reads then, not for each.
                untold = count >= BulkRead && untold < MaxUntoldReads ? untold + 1 : 0;
                held += count;
                int taken = HandleReceived(buffer.AsSpan(0, held), isBulk: untold > 0);
                held -= taken;
                if (held > 0 && taken > 0)
                {
                    buffer.AsSpan(taken, held).CopyTo(buffer);
                }
            }
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        Return(ref buffer);
        lock (Gate)
        {
            // What has arrived is told before the end is.
            HandleUntold();

            // A read that this side gave up says nothing about the cause; a failed write may.
            _session.HandleLoss();
            HandleEnd(failure is null or OperationCanceledException ? _sendFailure ?? failure : failure);
        }

        TakeCompletedRead(all: false).Complete(inline: false);
        if (failure is not null)
        {
            // Whatever the duplex stream threw, it carries nothing any more, neither way.
            _aborted.TrySetResult();
        }
    }

    private int HandleReceived(ReadOnlySpan<byte> bytes, bool isBulk)
    {
        int taken;
        bool mustSend = false;
        lock (Gate)
        {
            bool hadPeer = _session.Peer is not null;
            taken = _session.Receive(bytes, Now);
            if (!hadPeer && _session.Peer is not null)
            {
                _peerReady.TrySetResult();
                SetTimerForSession();
            }

            if (_session.State != QMuxSessionState.Open)
            {
                HandleEvents();
                HandleUntold();
                HandleEnd(null);
            }
            else if (End is null)
            {
                HandleEvents(isBulk);
                if (!isBulk)
                {
                    HandleUntold();
                }

                ServeWaiters();
                mustSend = TryClaimSending();
            }
        }

        if (mustSend)
        {
            SendNow(maxWrites: 1);
        }

        return taken;
    }

    private void HandleEvents(bool isBulk = false)
    {
        while (_session.Streams.TryTakeEvent(out MultiplexedStream stream, out StreamEvents events))
        {
            if (stream.Owner is MultiplexedPeerStream owner)
            {
                if (isBulk && events == StreamEvents.Readable && owner.IsFilling(BulkRead))
                {
                    _untold.Add(owner);
                }
                else
                {
                    owner.Handle(events);
                }
            }
        }
    }

    private void HandleUntold()
    {
        foreach (MultiplexedPeerStream stream in _untold)
        {
            stream.Handle(StreamEvents.Readable);
        }

        _untold.Clear();
    }

    /// <inheritdoc/>
    internal override void CompleteRead(CompletedRead read)
    {
        // Only the last goes on on the loop's thread: the others would have to wait for what it does there.
        _completedRead.Complete(inline: false);
        _completedRead = read;
    }

    private static void Return(ref byte[]? buffer)
    {
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = null;
        }
    }
}
