using System.IO.Pipelines;

namespace IrohRpc.Tests;

/// <summary>A contract with every call shape.</summary>
[Alpn("workshop/2"), Alpn("workshop/1")]
public partial interface IWorkshop
{
    ValueTask<string> HelloAsync(string name, CancellationToken cancellationToken = default);

    Task<int> AddAsync(int left, int right);

    ValueTask TouchAsync(CancellationToken cancellationToken = default);

    void Note(string text);

    IAsyncEnumerable<int> CountAsync(int count, CancellationToken cancellationToken = default);

    ValueTask<long> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken = default);

    IAsyncEnumerable<int> DoubleAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken = default);

    ValueTask<long> ZipAsync(IAsyncEnumerable<int> left, IAsyncEnumerable<int> right, CancellationToken cancellationToken = default);

    ValueTask<long> TakeSlowlyAsync(IAsyncEnumerable<byte[]> chunks, CancellationToken cancellationToken = default);

    IAsyncEnumerable<byte[]?> RepeatAsync(IAsyncEnumerable<byte[]?> arrays, CancellationToken cancellationToken = default);

    ValueTask<long> ReadSlowlyAsync(Stream content, CancellationToken cancellationToken = default);

    ValueTask<Stream> FountainAsync(int length, CancellationToken cancellationToken = default);

    IAsyncEnumerable<byte[]> ChunksAsync(int length, int size, CancellationToken cancellationToken = default);

    ValueTask<long> LengthAsync(Stream content, CancellationToken cancellationToken = default);

    ValueTask<Stream> ContentAsync(int length, CancellationToken cancellationToken = default);

    ValueTask<int> CopyAsync(PipeReader from, PipeWriter target, CancellationToken cancellationToken = default);

    ValueTask<PipeWriter> StoreAsync(string name, CancellationToken cancellationToken = default);

    ValueTask<int> WorkAsync(int steps, IProgress<int>? progress, CancellationToken cancellationToken = default);

    ValueTask<string> AskAsync(IListener? listener, string question, CancellationToken cancellationToken = default);

    ValueTask<IListener?> OpenAsync(string name, CancellationToken cancellationToken = default);

    ValueTask<string> WhoAsync(CallContext? context, CancellationToken cancellationToken = default);

    [Fault<int>]
    ValueTask FailAsync(string how, CancellationToken cancellationToken = default);

    [Since("workshop/2")]
    ValueTask<int> YoungAsync(CancellationToken cancellationToken = default);

    ValueTask<byte[]> LargeAsync(byte[] data, int answer, CancellationToken cancellationToken = default);

    [MessageLimit(1024)]
    ValueTask TightAsync(byte[] data, CancellationToken cancellationToken = default);

    [Idempotent]
    ValueTask<int> AgainAsync(CancellationToken cancellationToken = default);

    [Idempotent]
    IAsyncEnumerable<int> CountAgainAsync(CancellationToken cancellationToken = default);

    [Idempotent]
    ValueTask<Stream> ContentAgainAsync(CancellationToken cancellationToken = default);
}
