using System.Runtime.CompilerServices;

namespace IrohRpc.Lanes;

/// <summary>
/// Lets the thread that read a lane run what it read, once the reader waits for more: the next bytes come in on another thread, so this one is
/// free, and none has to be woken for a single call.
/// </summary>
/// <remarks>
/// It relies on what streams promise: a reader may keep the thread that its read resumes it on. For one reader at a time. <c>_isResumed</c> is written and
/// read only by the code of the reader, which runs on one thread at a time.
/// </remarks>
internal sealed class LaneReading
{
    private readonly LaneWorker _worker;
    private readonly Action _resume;
    private Action? _reader;

    // Whether the reader runs inside Resume, which takes what is offered.
    private bool _isResumed;
    private int _offered;

    public LaneReading(LaneWorker worker)
    {
        _worker = worker;
        _resume = Resume;
    }

    /// <summary>Waits for a read of the lane.</summary>
    public Awaiter WaitAsync(ValueTask<int> read)
    {
        if (read.IsCompleted)
        {
            // The reader goes on at once, so another thread takes what it has found.
            TakeElsewhere();
        }

        return new Awaiter(this, read.ConfigureAwait(false).GetAwaiter());
    }

    /// <summary>Adds what the reader kept back, and brings a worker for it.</summary>
    public void Offer()
    {
        _worker.AddStaged();
        if (!_worker.TryClaim())
        {
            return;
        }

        if (_isResumed)
        {
            Volatile.Write(ref _offered, 1);
        }
        else
        {
            _worker.Start();
        }
    }

    /// <summary>The reader is about to wait for something else, or to end.</summary>
    public void Leave()
    {
        TakeElsewhere();
        _isResumed = false;
    }

    private void TakeElsewhere()
    {
        if (Interlocked.Exchange(ref _offered, 0) != 0)
        {
            _worker.Start();
        }
    }

    private void Resume()
    {
        _isResumed = true;
        _reader!();

        // The reader may be running on another thread by now: only what is exchanged below is safe to touch.
        if (Interlocked.Exchange(ref _offered, 0) != 0)
        {
            _worker.Run();
        }
    }

    /// <summary>Waits for a read, and resumes the reader inside <see cref="Resume"/>.</summary>
    internal readonly struct Awaiter(LaneReading reading, ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter read) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => read.IsCompleted;

        public Awaiter GetAwaiter() => this;

        public int GetResult() => read.GetResult();

        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        public void UnsafeOnCompleted(Action continuation)
        {
            reading._reader = continuation;
            read.UnsafeOnCompleted(reading._resume);
        }
    }
}
