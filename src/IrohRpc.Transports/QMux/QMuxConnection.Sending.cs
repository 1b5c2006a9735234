using System.Buffers;
using IrohRpc.Multiplexing.QMux;

namespace IrohRpc.Transports.QMux;

// What leaves. Somebody who has just made output sends it on the spot if nobody is sending (SendNow), as a bare stream would; whatever comes
// up while a write is under way leaves with the next one. What cannot be sent without waiting, and all that others make, is the loop's.
internal sealed partial class QMuxConnection
{
    // What leaves in one write: four of the largest records, which are four of the largest TLS records too.
    private const int SendBufferLength = 64 * 1024;

    // Of so many writes a caller is held up at most by output that may be somebody else's.
    private const int MaxWritesByCaller = 8;

    private readonly WakeSignal _sendSignal = new();
    private Exception? _sendFailure;

    // A write that a caller began and that did not complete at once, with its buffer: the loop's to see through.
    private ValueTask _begunWrite;
    private byte[]? _begunBuffer;

    /// <inheritdoc/>
    internal override void WakeSender()
    {
        if (_session.HasOutput)
        {
            _sendSignal.Set();
        }
    }

    /// <inheritdoc/>
    internal override bool TryClaimSending() => _session.HasOutput && _sendSignal.TryClaim();

    /// <inheritdoc/>
    internal override void SendNow(int maxWrites)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(SendBufferLength);
        for (int writes = 0; ; writes++)
        {
            int count;
            lock (Gate)
            {
                count = writes < Math.Min(maxWrites, MaxWritesByCaller) ? TakeOutput(buffer) : 0;
                if (count == 0)
                {
                    _sendSignal.Unclaim();
                    if (End is not null || _session.HasOutput)
                    {
                        _sendSignal.Set();
                    }

                    break;
                }
            }

            ValueTask write = BeginWrite(buffer.AsMemory(0, count));
            if (!write.IsCompletedSuccessfully)
            {
                lock (Gate)
                {
                    _begunWrite = write;
                    _begunBuffer = buffer;
                    _sendSignal.Unclaim();
                    _sendSignal.Set();
                }

                return;
            }

            write.GetAwaiter().GetResult();
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private async Task SendAsync()
    {
        byte[]? buffer = null;
        try
        {
            while (true)
            {
                if (_begunBuffer is not null)
                {
                    buffer = _begunBuffer;
                    _begunBuffer = null;
                    await _begunWrite.ConfigureAwait(false);
                }

                buffer ??= ArrayPool<byte>.Shared.Rent(SendBufferLength);
                int count = TakeOutputOrArm(buffer, out bool ended);
                if (count > 0)
                {
                    await _duplex.WriteAsync(buffer.AsMemory(0, count), _abort.Token).ConfigureAwait(false);
                }
                else
                {
                    // An idle connection holds no memory for sending.
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = null;
                    if (ended)
                    {
                        break;
                    }

                    await _sendSignal.WaitAsync().ConfigureAwait(false);
                }
            }

            await ShutdownSendAsync().ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            HandleSendFailure(failure);
        }
        finally
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }

    private ValueTask BeginWrite(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return _duplex.WriteAsync(bytes, _abort.Token);
        }
        catch (Exception failure)
        {
            return ValueTask.FromException(failure);
        }
    }

    private int TakeOutput(byte[] buffer)
    {
        int count = _session.Send(buffer.AsSpan(0, SendBufferLength), Now);
        HandleEvents();
        return count;
    }

    private int TakeOutputOrArm(byte[] buffer, out bool ended)
    {
        lock (Gate)
        {
            int count = TakeOutput(buffer);
            ended = End is not null;
            if (count == 0 && !ended)
            {
                _sendSignal.Arm();
            }

            return count;
        }
    }

    private async ValueTask ShutdownSendAsync()
    {
        if (_options.ShutdownSendAsync is { } shutdown)
        {
            await shutdown(_abort.Token).ConfigureAwait(false);
        }

        // A peer that was silent for the whole idle time-out is not waited for.
        if (_session.State == QMuxSessionState.TimedOut)
        {
            _aborted.TrySetResult();
        }
    }

    private void HandleSendFailure(Exception failure)
    {
        lock (Gate)
        {
            // The bytes that have arrived may still hold the peer's reason, so that the reading loop has the last word, within bounds.
            _sendFailure = failure;
            if (End is null)
            {
                SetTimer(CloseTimeout);
            }
        }
    }
}
