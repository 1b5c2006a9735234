using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace IrohRpc.Tests;

/// <summary>The service that the end-to-end suite calls.</summary>
internal sealed class Workshop : IWorkshop
{
    private int _again;

    public ConcurrentQueue<string> Notes { get; } = new();

    public SemaphoreSlim Noted { get; } = new(0);

    /// <summary>Released by tests that hold a handler back.</summary>
    public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ManualResetEventSlim BlockingGate { get; } = new();

    /// <summary>Completes when a handler that waits on a gate has been entered.</summary>
    public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a handler saw its token fire, or a producer has ended.</summary>
    public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How many items were counted, and large answers given.</summary>
    public int Produced;

    public int Running;

    public int MostRunning;

    public IListener? Kept { get; private set; }

    /// <summary>The latest that was asked for.</summary>
    public Fountain? Fountain { get; private set; }

    public TaskCompletionSource<byte[]> Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<string> HelloAsync(string name, CancellationToken cancellationToken) => name switch
    {
        "wait" => WaitAsync(cancellationToken),
        "block" => ValueTask.FromResult(Block()),
        "yield" => YieldAsync(),
        _ => ValueTask.FromResult($"Hello, {name}"),
    };

    public async Task<int> AddAsync(int left, int right)
    {
        await Task.Yield();
        return left + right;
    }

    public ValueTask TouchAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Note(string text)
    {
        Notes.Enqueue(text);
        Noted.Release();
    }

    public async IAsyncEnumerable<int> CountAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            for (int number = 0; number < Math.Abs(count); number++)
            {
                Interlocked.Increment(ref Produced);
                yield return number;
            }

            if (count < 0)
            {
                throw new RpcException(RpcStatusCode.OutOfRange, "No further.");
            }

            if (count == 1)
            {
                await Gate.Task.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            Stopped.TrySetResult();
        }
    }

    public async ValueTask<long> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken)
    {
        long sum = 0;
        await foreach (int number in numbers)
        {
            sum += number;
            if (number == -1)
            {
                break;
            }
        }

        return sum;
    }

    public async IAsyncEnumerable<int> DoubleAsync(IAsyncEnumerable<int> numbers, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (int number in numbers.WithCancellation(cancellationToken))
        {
            yield return 2 * number;
        }
    }

    public async IAsyncEnumerable<byte[]?> RepeatAsync(IAsyncEnumerable<byte[]?> arrays, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (byte[]? array in arrays.WithCancellation(cancellationToken))
        {
            yield return array;
        }
    }

    public async ValueTask<long> ZipAsync(IAsyncEnumerable<int> left, IAsyncEnumerable<int> right, CancellationToken cancellationToken)
    {
        long sum = 0;
        await using IAsyncEnumerator<int> others = right.GetAsyncEnumerator(cancellationToken);
        await foreach (int number in left)
        {
            sum += await others.MoveNextAsync() ? number * others.Current : 0;
        }

        return sum;
    }

    public async ValueTask<long> TakeSlowlyAsync(IAsyncEnumerable<byte[]> chunks, CancellationToken cancellationToken)
    {
        long taken = 0;
        await foreach (byte[] chunk in chunks.WithCancellation(cancellationToken))
        {
            taken += chunk.Length;
            Entered.TrySetResult();
            await Gate.Task.WaitAsync(cancellationToken);
        }

        return taken;
    }

    public async ValueTask<long> ReadSlowlyAsync(Stream content, CancellationToken cancellationToken)
    {
        long read = await content.ReadAsync(new byte[1], cancellationToken);
        Entered.TrySetResult();
        await Gate.Task.WaitAsync(cancellationToken);
        return read + await LengthAsync(content, cancellationToken);
    }

    public ValueTask<Stream> FountainAsync(int length, CancellationToken cancellationToken)
        => ValueTask.FromResult<Stream>(Fountain = new Fountain(length));

    public IAsyncEnumerable<byte[]> ChunksAsync(int length, int size, CancellationToken cancellationToken) => (Fountain = new Fountain(length)).InChunks(size);

    public async ValueTask<long> LengthAsync(Stream content, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[10_000];
        long length = 0;
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            length += read;
        }

        return length;
    }

    public ValueTask<Stream> ContentAsync(int length, CancellationToken cancellationToken)
        => length >= 0
            ? ValueTask.FromResult<Stream>(new MemoryStream(Pattern(length)))
            : throw new RpcException(RpcStatusCode.OutOfRange, "Nothing is that short.");

    public async ValueTask<int> CopyAsync(PipeReader from, PipeWriter target, CancellationToken cancellationToken)
    {
        int copied = 0;
        while (true)
        {
            ReadResult result = await from.ReadAsync(cancellationToken);
            foreach (ReadOnlyMemory<byte> segment in result.Buffer)
            {
                await target.WriteAsync(segment, cancellationToken);
                copied += segment.Length;
            }

            from.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return copied;
            }
        }
    }

    public ValueTask<PipeWriter> StoreAsync(string name, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        _ = ReadAllAsync(pipe.Reader);
        return ValueTask.FromResult(pipe.Writer);
    }

    public async ValueTask<int> WorkAsync(int steps, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        for (int step = 1; step <= steps; step++)
        {
            progress!.Report(step);
            await Task.Yield();
        }

        Stopped.TrySetResult();
        return steps;
    }

    public async ValueTask<string> AskAsync(IListener? listener, string question, CancellationToken cancellationToken)
    {
        Kept = listener is null ? null : RemoteObject.Keep(listener);
        return listener is null ? "nobody" : await listener.HearAsync(question, cancellationToken);
    }

    public async ValueTask<IListener?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        if (name == "late")
        {
            // It hears that nobody waits any more, and goes on.
            await using CancellationTokenRegistration hears = cancellationToken.Register(() => Stopped.TrySetResult());
            Entered.TrySetResult();
            await Gate.Task;
        }

        return name.Length == 0 ? null : new Listener(name);
    }

    public ValueTask<string> WhoAsync(CallContext? context, CancellationToken cancellationToken)
    {
        context!.ResponseMetadata["echo"] = context.Metadata["question"];
        if (context.Metadata["question"] == "fail?")
        {
            throw new RpcException(RpcStatusCode.Aborted, "As you wish.");
        }

        return ValueTask.FromResult($"{context.PeerId} {context.Alpn} {context.Deadline is not null} {System.Diagnostics.Activity.Current?.TraceId}");
    }

    public async ValueTask FailAsync(string how, CancellationToken cancellationToken)
    {
        await Task.Yield();
        throw how switch
        {
            "fault" => new RpcFaultException<int>(42, "It is 42."),
            "status" => new RpcException(RpcStatusCode.PermissionDenied, "Not you."),
            _ => new InvalidOperationException("A secret."),
        };
    }

    public ValueTask<int> YoungAsync(CancellationToken cancellationToken) => ValueTask.FromResult(2);

    public ValueTask<byte[]> LargeAsync(byte[] data, int answer, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref Produced);
        return ValueTask.FromResult(Pattern(answer));
    }

    public ValueTask TightAsync(byte[] data, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async ValueTask<int> AgainAsync(CancellationToken cancellationToken)
    {
        int attempt = Interlocked.Increment(ref _again);
        Entered.TrySetResult();
        if (attempt == 1)
        {
            await Gate.Task.WaitAsync(cancellationToken);
        }

        return attempt;
    }

    public async IAsyncEnumerable<int> CountAgainAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return await AgainAsync(cancellationToken);
    }

    public async ValueTask<Stream> ContentAgainAsync(CancellationToken cancellationToken)
        => new MemoryStream(Pattern(await AgainAsync(cancellationToken)));

    internal static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        for (int index = 0; index < length; index++)
        {
            bytes[index] = (byte)(index * 7);
        }

        return bytes;
    }

    private async ValueTask<string> WaitAsync(CancellationToken cancellationToken)
    {
        int running = Interlocked.Increment(ref Running);
        MostRunning = Math.Max(MostRunning, running);
        Entered.TrySetResult();
        try
        {
            await Gate.Task.WaitAsync(cancellationToken);
            return "waited";
        }
        catch (OperationCanceledException)
        {
            Stopped.TrySetResult();
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref Running);
        }
    }

    private string Block()
    {
        Entered.TrySetResult();
        BlockingGate.Wait(TimeSpan.FromSeconds(30));
        return "blocked";
    }

    private async ValueTask<string> YieldAsync()
    {
        int running = Interlocked.Increment(ref Running);
        MostRunning = Math.Max(MostRunning, running);
        await Task.Yield();
        await Task.Yield();
        Interlocked.Decrement(ref Running);
        return "yielded";
    }

    private async Task ReadAllAsync(PipeReader reader)
    {
        try
        {
            using var all = new MemoryStream();
            await reader.CopyToAsync(all);
            Stored.TrySetResult(all.ToArray());
        }
        catch (Exception)
        {
            // The call was given up: nothing is stored.
        }
    }

    internal sealed class Listener(string name) : IListener
    {
        public ValueTask<string> HearAsync(string text, CancellationToken cancellationToken) => ValueTask.FromResult($"{name} heard {text}");
    }
}
