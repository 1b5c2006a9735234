using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace IrohRpc.Tests;

/// <summary>The service of <see cref="IProbe"/>.</summary>
internal sealed class Probe : IProbe, IDisposable
{
    private readonly List<IListener> _listeners = [];

    public ConcurrentQueue<int> Noted { get; } = new();

    public SemaphoreSlim NoteArrived { get; } = new(0);

    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ManualResetEventSlim BlockingGate { get; } = new();

    public SemaphoreSlim NextItem { get; } = new(0);

    public Action? OnContext { get; set; }

    public Func<CallContext?, bool>? Look { get; set; }

    public int Produced;

    public int Blocked;

    public int Kept;

    public int OpenStreams;

    public List<IListener> Listeners => _listeners;

    public bool IsKeeping { get; set; } = true;

    public async ValueTask<string> EchoAsync(string text, CancellationToken cancellationToken)
    {
        if (text == "yield")
        {
            await Task.Yield();
        }

        return text;
    }

    public ValueTask<byte[]> BlobAsync(int length, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Produced);
        return ValueTask.FromResult(new byte[length]);
    }

    public ValueTask TakeAsync(byte[] bytes, CallContext? context, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async ValueTask FailAsync(string how, CancellationToken cancellationToken)
    {
        if (how.EndsWith("later", StringComparison.Ordinal))
        {
            await Task.Yield();
        }

        throw ExceptionFor(how);
    }

    public async IAsyncEnumerable<int> FailItemsAsync(string how, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return 1;
        await Task.Yield();
        throw ExceptionFor(how);
    }

    public void Note(int number)
    {
        Noted.Enqueue(number);
        NoteArrived.Release();
    }

    public void NoteBytes(int number, byte[] bytes) => Note(number);

    public ValueTask<int[]> NotesAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Noted.ToArray());

    public void Stay()
    {
        Entered.TrySetResult();
        Gate.Task.Wait(TimeSpan.FromSeconds(30));
    }

    public async IAsyncEnumerable<int> ItemsAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref OpenStreams);
        try
        {
            for (int item = 0; item < count; item++)
            {
                yield return item;
            }

            if (count < 0)
            {
                yield return 0;
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
        }
        finally
        {
            Interlocked.Decrement(ref OpenStreams);
            Stopped.TrySetResult();
        }
    }

    public async ValueTask<long> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken)
    {
        long sum = 0;
        await foreach (int number in numbers.WithCancellation(cancellationToken))
        {
            sum += number;
            Entered.TrySetResult();
        }

        return sum;
    }

    public async Task<IAsyncEnumerable<int>> LaterAsync(int count, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return ItemsAsync(count, cancellationToken);
    }

    public ValueTask<Stream> BytesAsync(int length, CancellationToken cancellationToken)
        => length switch
        {
            -1 => ValueTask.FromResult<Stream>(null!),
            < 0 => ValueTask.FromResult<Stream>(new EndlessStream(this)),
            _ => ValueTask.FromResult<Stream>(new MemoryStream(new byte[length])),
        };

    public async ValueTask<long> LengthAsync(Stream bytes, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[8192];
        long length = 0;
        int read;
        while ((read = await bytes.ReadAsync(buffer, cancellationToken)) > 0)
        {
            length += read;
            Entered.TrySetResult();
        }

        return length;
    }

    public ValueTask<PipeWriter> UploadAsync(string how, CancellationToken cancellationToken)
        => ValueTask.FromResult(PipeWriter.Create(how == "fail" ? new FullDisk() : Stream.Null));

    public async ValueTask<int> RunAsync(PipeWriter output, CancellationToken cancellationToken)
    {
        int written = 0;
        while (true)
        {
            FlushResult result = await output.WriteAsync(new byte[1024], cancellationToken);
            written++;
            if (result.IsCompleted)
            {
                return written;
            }
        }
    }

    public ValueTask<PipeWriter> BothAsync(PipeWriter output, CancellationToken cancellationToken)
        => ValueTask.FromResult(PipeWriter.Create(output.AsStream(leaveOpen: true)));

    public async ValueTask<int> WorkAsync(int steps, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        for (int step = 1; step <= steps; step++)
        {
            progress!.Report(step);
            await Task.Yield();
        }

        return steps;
    }

    public ValueTask<int> SubscribeAsync(IListener listener, CancellationToken cancellationToken)
    {
        _listeners.Add(IsKeeping ? RemoteObject.Keep(listener) : listener);
        return ValueTask.FromResult(_listeners.Count);
    }

    public ValueTask<int> UnsubscribeAsync(IListener listener, CancellationToken cancellationToken)
    {
        _listeners.Remove(listener);
        return ValueTask.FromResult(_listeners.Count);
    }

    public ValueTask IgnoreAsync(IListener listener, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IListener> MakeAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IListener>(new Workshop.Listener("made"));

    public ValueTask<bool> ContextAsync(CallContext? context, CancellationToken cancellationToken)
    {
        OnContext?.Invoke();
        return ValueTask.FromResult(Look?.Invoke(context) ?? false);
    }

    public ValueTask<string> BlockAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Blocked);
        BlockingGate.Wait(TimeSpan.FromSeconds(60), CancellationToken.None);
        return ValueTask.FromResult("blocked");
    }

    public Task<IAsyncEnumerable<int>> NotesSoFarAsync(CancellationToken cancellationToken)
        => Task.FromResult(new[] { Noted.Count }.ToAsyncEnumerable());

    public async IAsyncEnumerable<int> ContextItemsAsync(CallContext? context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return 1;
        await Task.Yield();
        Look?.Invoke(context);
    }

    public async ValueTask KeepAsync(byte[] bytes, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Kept);
        await Gate.Task;
    }

    public async ValueTask<string> HoldAsync(CancellationToken cancellationToken)
    {
        await using CancellationTokenRegistration registration = cancellationToken.Register(() => Cancelled.TrySetResult());
        Entered.TrySetResult();
        await Gate.Task;
        return "held";
    }

    public async IAsyncEnumerable<int> BlockingItemsAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (int item = 0; item < count; item++)
        {
            NextItem.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
            yield return item;
        }
    }

    public void Dispose() => Disposed.TrySetResult();

    private static Exception ExceptionFor(string how) => how.Split(' ')[0] switch
    {
        "fault" => new RpcFaultException<Refused>(new Refused("no")),
        "lone" => new RpcFaultException<Refused>(new Refused("\uD800")),
        "message" => new MessageThrows(),
        "large" => new RpcFaultException<Refused>(new Refused(new string('x', 100_000))),
        "escape" => new RpcException(RpcStatusCode.Aborted, "red\u001b[31m\nline"),
        _ => new InvalidOperationException(how),
    };

    private sealed class MessageThrows : Exception
    {
        public override string Message => throw new InvalidOperationException("No message.");
    }

    private sealed class EndlessStream : MemoryStream
    {
        private readonly Probe _probe;

        public EndlessStream(Probe probe)
        {
            _probe = probe;
            Interlocked.Increment(ref probe.OpenStreams);
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(buffer.Length);

        public override async ValueTask DisposeAsync()
        {
            Interlocked.Decrement(ref _probe.OpenStreams);
            _probe.Stopped.TrySetResult();
            await base.DisposeAsync();
        }
    }

    private sealed class FullDisk : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("The disk is full.");

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("The disk is full.");

        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("The disk is full.");
    }
}
