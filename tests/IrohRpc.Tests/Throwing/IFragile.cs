using System.IO.Pipelines;
using MemoryPack;

namespace IrohRpc.Tests.Throwing;

/// <summary>A contract with every shape of call, for code of its users' that throws.</summary>
[Alpn("fragile/1")]
public partial interface IFragile
{
    ValueTask<string> EchoAsync(string text, CancellationToken cancellationToken = default);

    ValueTask<Brittle> ValueAsync(Brittle value, CancellationToken cancellationToken = default);

    void Post(int number, byte[] bytes);

    IAsyncEnumerable<int> ItemsAsync(CancellationToken cancellationToken = default);

    ValueTask<IAsyncEnumerable<int>> LaterItemsAsync(CancellationToken cancellationToken = default);

    ValueTask<int> TakeItemsAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken = default);

    IAsyncEnumerable<int> MapAsync(IAsyncEnumerable<int> items, CancellationToken cancellationToken = default);

    ValueTask<Stream> BytesAsync(CancellationToken cancellationToken = default);

    ValueTask<PipeReader> ReaderAsync(CancellationToken cancellationToken = default);

    ValueTask<long> TakeBytesAsync(Stream bytes, CancellationToken cancellationToken = default);

    ValueTask<PipeWriter> WriterAsync(CancellationToken cancellationToken = default);

    ValueTask<int> FillAsync(PipeWriter output, CancellationToken cancellationToken = default);

    ValueTask<int> WorkAsync(IProgress<int> progress, CancellationToken cancellationToken = default);

    ValueTask<string> AskAsync(IListener listener, CancellationToken cancellationToken = default);

    ValueTask<IListener> MakeAsync(CancellationToken cancellationToken = default);
}

/// <summary>A value whose formatter runs code of its users'.</summary>
[MemoryPackable]
public partial class Brittle
{
    internal static ThrowingCode? Code { get; set; }

    public string Text { get; set; } = "";

    [MemoryPackOnSerializing]
    public void OnSerializing() => Code?.At($"{Text} is written");

    [MemoryPackOnDeserialized]
    public void OnDeserialized() => Code?.At($"{Text} is read");
}
