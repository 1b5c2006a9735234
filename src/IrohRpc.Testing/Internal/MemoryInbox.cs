using System.Buffers;
using System.Threading.Tasks.Sources;

namespace IrohRpc.Testing.Internal;

/// <summary>The bytes that have arrived at one end and nobody has read yet, with the one read that may wait for them. Reads allocate nothing.</summary>
internal sealed class MemoryInbox : IValueTaskSource<int>, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<int> _core;
    private byte[] _buffer = [];
    private int _start;
    private volatile int _length;
    private Memory<byte> _destination;
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private Exception? _failure;
    private bool _isWaiting;
    private bool _isQueued;
    private bool _isOver;

    /// <summary>How many bytes there are.</summary>
    public int Length => _length;

    /// <summary>Adds bytes that have arrived.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_isOver || bytes.IsEmpty)
            {
                return;
            }

            Grow(_length + bytes.Length);
            bytes.CopyTo(_buffer.AsSpan(_start + _length));
            _length += bytes.Length;
            WakeReader();
        }
    }

    /// <summary>Nothing more arrives: reads get what there is and then the end, or the failure at once.</summary>
    public void End(Exception? failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            _isOver = true;
            WakeReader();
        }
    }

    /// <summary>Reads bytes; 0 at the end, or where there is something for a read into no memory. One read at a time.</summary>
    public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }

        lock (_gate)
        {
            if (_isWaiting)
            {
                throw new InvalidOperationException("A read is under way.");
            }

            if (_failure is not null)
            {
                return ValueTask.FromException<int>(_failure);
            }

            if (_length > 0 || _isOver)
            {
                return new ValueTask<int>(Take(destination.Span));
            }

            _core.Reset();
            _destination = destination;
            _token = cancellationToken;
            _isWaiting = true;
            _registration = cancellationToken.UnsafeRegister(static inbox => ((MemoryInbox)inbox!).Cancel(), this);
            return new ValueTask<int>(this, _core.Version);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        _registration.Dispose();
        int count = 0;
        Exception? failure;
        lock (_gate)
        {
            failure = _failure;
            if (failure is null && _length == 0 && !_isOver)
            {
                failure = new OperationCanceledException(_token);
            }
            else if (failure is null)
            {
                count = Take(_destination.Span);
            }

            _destination = default;
            _isWaiting = false;
            _isQueued = false;
        }

        if (failure is null)
        {
            _core.SetResult(count);
        }
        else
        {
            _core.SetException(failure);
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _core.OnCompleted(continuation, state, token, flags);

    private void Cancel()
    {
        // A callback that comes late finds another read, whose token has not fired.
        lock (_gate)
        {
            if (_token.IsCancellationRequested)
            {
                WakeReader();
            }
        }
    }

    private void WakeReader()
    {
        if (_isWaiting && !_isQueued)
        {
            _isQueued = true;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private int Take(Span<byte> destination)
    {
        int count = Math.Min(destination.Length, _length);
        _buffer.AsSpan(_start, count).CopyTo(destination);
        _start += count;
        _length -= count;
        if (_length == 0)
        {
            _start = 0;
            if (_buffer.Length > 64 * 1024)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = [];
            }
        }

        return count;
    }

    private void Grow(int needed)
    {
        if (_start + needed <= _buffer.Length)
        {
            return;
        }

        byte[] source = _buffer;
        byte[] target = needed <= source.Length ? source : ArrayPool<byte>.Shared.Rent(Math.Max(4096, needed));
        source.AsSpan(_start, _length).CopyTo(target);
        _start = 0;
        if (target != source)
        {
            _buffer = target;
            if (source.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(source);
            }
        }
    }
}
