using System.IO.Pipelines;

namespace IrohRpc.Tests;

/// <summary>A handler that gives null where its contract has none is at fault: the caller is told so, and the log names the method.</summary>
public class NullAnswerTests
{
    private static readonly Dictionary<string, Func<INothing, Task>> Calls = new()
    {
        ["TaskAsync"] = nothing => nothing.TaskAsync(Token),
        ["CountAsync"] = nothing => nothing.CountAsync(Token),
        ["NameAsync"] = nothing => nothing.NameAsync(Token).AsTask(),
        ["NamesAsync"] = nothing => nothing.NamesAsync(Token).AsTask(),
        ["OtherAsync"] = nothing => nothing.OtherAsync(Token).AsTask(),
        ["ItemsAsync"] = async nothing => await nothing.ItemsAsync(Token).GetAsyncEnumerator(Token).MoveNextAsync(),
        ["LaterItemsAsync"] = async nothing => await (await nothing.LaterItemsAsync(Token)).GetAsyncEnumerator(Token).MoveNextAsync(),
        ["StreamAsync"] = async nothing => await (await nothing.StreamAsync(Token)).ReadExactlyAsync(new byte[1], Token),
        ["ReaderAsync"] = async nothing => await (await nothing.ReaderAsync(Token)).ReadAsync(Token),
        ["WriterAsync"] = async nothing =>
        {
            PipeWriter writer = await nothing.WriterAsync(Token);
            await writer.WriteAsync(new byte[1], Token);
            await writer.CompleteAsync();
        },
    };

    public static TheoryData<string> Names => [.. Calls.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Null_from_a_handler_is_an_error_of_the_service_and_logged_by_name(string method)
    {
        using var logs = new LogCollector();
        await using Pair<INothing> pair = await Pair<INothing>.StartAsync(new Nothing(), new ServiceOptions { LoggerFactory = logs });
        var error = await Assert.ThrowsAsync<RpcException>(() => Calls[method](pair.Proxy).Soon());
        Assert.Equal(RpcStatusCode.Internal, error.StatusCode);
        if (method is not ("NameAsync" or "NamesAsync"))
        {
            Assert.Contains(logs.Lines, line => line.Message.Contains($"INothing.{method}", StringComparison.Ordinal));
        }

        Assert.Equal(3, await pair.Proxy.ThreeAsync(Token).Soon());
    }

    private sealed class Nothing : INothing
    {
        public Task TaskAsync(CancellationToken cancellationToken) => null!;

        public Task<int> CountAsync(CancellationToken cancellationToken) => null!;

        public ValueTask<string> NameAsync(CancellationToken cancellationToken) => new((string)null!);

        public ValueTask<List<string>> NamesAsync(CancellationToken cancellationToken) => new([null!]);

        public ValueTask<INothing> OtherAsync(CancellationToken cancellationToken) => new((INothing)null!);

        public IAsyncEnumerable<string> ItemsAsync(CancellationToken cancellationToken) => null!;

        public ValueTask<IAsyncEnumerable<string>> LaterItemsAsync(CancellationToken cancellationToken) => new((IAsyncEnumerable<string>)null!);

        public ValueTask<Stream> StreamAsync(CancellationToken cancellationToken) => new((Stream)null!);

        public ValueTask<PipeReader> ReaderAsync(CancellationToken cancellationToken) => new((PipeReader)null!);

        public ValueTask<PipeWriter> WriterAsync(CancellationToken cancellationToken) => new((PipeWriter)null!);

        public ValueTask<int> ThreeAsync(CancellationToken cancellationToken) => new(3);
    }
}

[Alpn("nothing/1")]
public partial interface INothing
{
    Task TaskAsync(CancellationToken cancellationToken = default);

    Task<int> CountAsync(CancellationToken cancellationToken = default);

    ValueTask<string> NameAsync(CancellationToken cancellationToken = default);

    ValueTask<List<string>> NamesAsync(CancellationToken cancellationToken = default);

    ValueTask<INothing> OtherAsync(CancellationToken cancellationToken = default);

    IAsyncEnumerable<string> ItemsAsync(CancellationToken cancellationToken = default);

    ValueTask<IAsyncEnumerable<string>> LaterItemsAsync(CancellationToken cancellationToken = default);

    ValueTask<Stream> StreamAsync(CancellationToken cancellationToken = default);

    ValueTask<PipeReader> ReaderAsync(CancellationToken cancellationToken = default);

    ValueTask<PipeWriter> WriterAsync(CancellationToken cancellationToken = default);

    ValueTask<int> ThreeAsync(CancellationToken cancellationToken = default);
}
