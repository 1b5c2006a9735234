using System.IO.Pipelines;
using MemoryPack;

namespace IrohRpc.Tests;

/// <summary>A contract for what may go wrong: each shape of call once, with a service that is told what to do.</summary>
[Alpn("probe/1")]
public partial interface IProbe
{
    ValueTask<string> EchoAsync(string text, CancellationToken cancellationToken = default);

    ValueTask<byte[]> BlobAsync(int length, CancellationToken cancellationToken = default);

    ValueTask TakeAsync(byte[] bytes, CallContext? context = null, CancellationToken cancellationToken = default);

    [Fault<Refused>]
    ValueTask FailAsync(string how, CancellationToken cancellationToken = default);

    [Fault<Refused>]
    IAsyncEnumerable<int> FailItemsAsync(string how, CancellationToken cancellationToken = default);

    void Note(int number);

    void NoteBytes(int number, byte[] bytes);

    ValueTask<int[]> NotesAsync(CancellationToken cancellationToken = default);

    void Stay();

    IAsyncEnumerable<int> ItemsAsync(int count, CancellationToken cancellationToken = default);

    ValueTask<long> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken = default);

    Task<IAsyncEnumerable<int>> LaterAsync(int count, CancellationToken cancellationToken = default);

    ValueTask<Stream> BytesAsync(int length, CancellationToken cancellationToken = default);

    ValueTask<long> LengthAsync(Stream bytes, CancellationToken cancellationToken = default);

    ValueTask<PipeWriter> UploadAsync(string how, CancellationToken cancellationToken = default);

    ValueTask<int> RunAsync(PipeWriter output, CancellationToken cancellationToken = default);

    ValueTask<PipeWriter> BothAsync(PipeWriter output, CancellationToken cancellationToken = default);

    ValueTask<int> WorkAsync(int steps, IProgress<int>? progress, CancellationToken cancellationToken = default);

    ValueTask<int> SubscribeAsync(IListener listener, CancellationToken cancellationToken = default);

    ValueTask<int> UnsubscribeAsync(IListener listener, CancellationToken cancellationToken = default);

    ValueTask IgnoreAsync(IListener listener, CancellationToken cancellationToken = default);

    ValueTask<IListener> MakeAsync(CancellationToken cancellationToken = default);

    ValueTask<bool> ContextAsync(CallContext? context = null, CancellationToken cancellationToken = default);

    ValueTask<string> BlockAsync(CancellationToken cancellationToken = default);

    Task<IAsyncEnumerable<int>> NotesSoFarAsync(CancellationToken cancellationToken = default);

    IAsyncEnumerable<int> ContextItemsAsync(CallContext? context = null, CancellationToken cancellationToken = default);

    ValueTask KeepAsync(byte[] bytes, CancellationToken cancellationToken = default);

    ValueTask<string> HoldAsync(CancellationToken cancellationToken = default);

    IAsyncEnumerable<int> BlockingItemsAsync(int count, CancellationToken cancellationToken = default);
}

/// <summary>The detail of a fault.</summary>
[MemoryPackable]
public partial record Refused(string Text);
