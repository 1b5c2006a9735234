using System.IO.Pipelines;

namespace IrohRpc.Tests;

/// <summary>
/// One shape of calls for the matrix of interceptors: how it is called and told apart, and what changes when an interceptor changes its arguments or its result.
/// </summary>
/// <param name="Name">The shape.</param>
/// <param name="CallAsync">Makes the call and gives its outcome as text.</param>
/// <param name="Expected">The outcome where nobody interferes.</param>
/// <param name="ChangeArguments">What an interceptor does to the arguments; null for a method that has none.</param>
/// <param name="Changed">The outcome of that.</param>
/// <param name="ChangeResult">What an interceptor does after <c>next</c>; null for a shape without a result.</param>
/// <param name="Replaced">The outcome of that.</param>
/// <param name="Shortcut">A result that an interceptor gives in place of <c>next</c>.</param>
/// <param name="Shortened">The outcome of that.</param>
internal sealed record InterceptedShape(
    string Name,
    Func<RpcPair, CancellationToken, Task<string>> CallAsync,
    string Expected,
    Action<RpcInvocation>? ChangeArguments,
    string? Changed,
    Action<RpcInvocation>? ChangeResult,
    string? Replaced,
    Func<object?> Shortcut,
    string? Shortened)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<InterceptedShape> All { get; } =
    [
        new(
            "unary",
            async (pair, token) => await pair.Proxy.HelloAsync("world", token),
            "Hello, world",
            invocation => invocation.Arguments["name"] = "you", "Hello, you",
            invocation => invocation.Result += "!", "Hello, world!",
            () => "Nobody", "Nobody"),
        new(
            "unary in a task",
            async (pair, _) => $"{await pair.Proxy.AddAsync(2, 3)}",
            "5",
            invocation => invocation.Arguments[1] = 40, "42",
            invocation => invocation.Result = (int)invocation.Result! + 1, "6",
            () => 7, "7"),
        new(
            "without result",
            async (pair, token) =>
            {
                await pair.Proxy.TouchAsync(token);
                return "touched";
            },
            "touched",
            null, null, null, null,
            () => null, "touched"),
        new(
            "one-way",
            async (pair, token) =>
            {
                pair.Proxy.Note("noted");
                return await pair.Service.Noted.WaitAsync(TimeSpan.FromSeconds(5), token) && pair.Service.Notes.TryDequeue(out string? note) ? note : "";
            },
            "noted",
            invocation => invocation.Arguments[0] = "changed", "changed",
            null, null,
            () => null, null),
        new(
            "items to the caller",
            async (pair, token) => string.Join(' ', await pair.Proxy.CountAsync(3, token).ToListAsync(token)),
            "0 1 2",
            invocation => invocation.Arguments[0] = 4, "0 1 2 3",
            invocation => invocation.MapResultItems(item => (int)item! * 10), "0 10 20",
            () => AsyncEnumerable.Range(8, 2), "8 9"),
        new(
            "items to the service",
            async (pair, token) => $"{await pair.Proxy.SumAsync(AsyncEnumerable.Range(0, 5), token)}",
            "10",
            invocation => invocation.Arguments.MapItems(0, item => (int)item! + 1), "15",
            invocation => invocation.Result = (long)invocation.Result! * 2, "20",
            () => 3L, "3"),
        new(
            "items both ways",
            async (pair, token) => string.Join(' ', await pair.Proxy.DoubleAsync(AsyncEnumerable.Range(1, 3), token).ToListAsync(token)),
            "2 4 6",
            invocation => invocation.Arguments.MapItems(0, item => (int)item! * 10), "20 40 60",
            invocation => invocation.MapResultItems(item => -(int)item!), "-2 -4 -6",
            AsyncEnumerable.Empty<int>, ""),
        new(
            "bytes to the service",
            async (pair, token) => $"{await pair.Proxy.LengthAsync(new MemoryStream(Workshop.Pattern(100_000)), token)}",
            "100000",
            invocation => invocation.Arguments[0] = new MemoryStream(new byte[5]), "5",
            invocation => invocation.Result = 1L, "1",
            () => 0L, "0"),
        new(
            "bytes to the caller",
            async (pair, token) => await ReadAsync(await pair.Proxy.ContentAsync(50_000, token), token),
            "50000",
            invocation => invocation.Arguments[0] = 10, "10",
            invocation =>
            {
                ((Stream)invocation.Result!).Dispose();
                invocation.Result = new MemoryStream(new byte[3]);
            },
            "3",
            () => new MemoryStream(), "0"),
        new(
            "pipes both ways",
            async (pair, token) =>
            {
                var back = new Pipe();
                Task<int> call = pair.Proxy.CopyAsync(PipeReader.Create(new MemoryStream(Workshop.Pattern(20_000))), back.Writer, token).AsTask();
                Task<string> read = ReadAsync(back.Reader.AsStream(), token);
                await Task.WhenAll(call, read);
                return $"{await call} {(await call < 0 ? "" : await read)}";
            },
            "20000 20000",
            invocation => invocation.Arguments[0] = PipeReader.Create(new MemoryStream(new byte[7])), "7 7",
            invocation => invocation.Result = -1, "-1 ",
            () => -2, "-2 "),
        new(
            "result that takes bytes",
            async (pair, token) =>
            {
                PipeWriter writer = await pair.Proxy.StoreAsync("x", token);
                await writer.WriteAsync(new byte[30_000], token);
                await writer.CompleteAsync();
                return $"{(await pair.Service.Stored.Task.WaitAsync(token)).Length}";
            },
            "30000",
            invocation => invocation.Arguments[0] = "y", "30000",
            null, null,
            () => null, null),
        new(
            "progress",
            async (pair, token) =>
            {
                var reports = new List<int>();
                int steps = await pair.Proxy.WorkAsync(3, new Collecting(reports), token);
                return $"{steps} {string.Join(' ', reports)}";
            },
            "3 1 2 3",
            invocation => invocation.Arguments[0] = 1, "1 1",
            invocation => invocation.Result = 9, "9 1 2 3",
            () => 0, "0 "),
        new(
            "callback",
            async (pair, token) => await pair.Proxy.AskAsync(new Workshop.Listener("me"), "you", token),
            "me heard you",
            invocation =>
            {
                if (invocation.Method.Name == "AskAsync")
                {
                    invocation.Arguments["question"] = "them";
                }
            },
            "me heard them",
            invocation =>
            {
                if (invocation.Method.Name == "HearAsync")
                {
                    invocation.Result = "deaf";
                }
            },
            null,
            () => "instead", "instead"),
        new(
            "resulting object",
            async (pair, token) => await (await pair.Proxy.OpenAsync("door", token))!.HearAsync("knock", token),
            "door heard knock",
            invocation => invocation.Arguments[0] = invocation.Method.Name == "OpenAsync" ? "gate" : "bell", "gate heard bell",
            invocation => invocation.Result = invocation.Result is IListener ? new Workshop.Listener("other") : invocation.Result, "other heard knock",
            () => null, null),
        new(
            "large",
            async (pair, token) => $"{(await pair.Proxy.LargeAsync(new byte[200_000], 300_000, token)).Length}",
            "300000",
            invocation => invocation.Arguments["answer"] = 100_000, "100000",
            invocation => invocation.Result = new byte[4], "4",
            () => new byte[500_000], "500000"),
    ];

    public static InterceptedShape Find(string name) => All.Single(shape => shape.Name == name);

    private static async Task<string> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        await using (stream)
        {
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, cancellationToken);
            return $"{copy.Length}";
        }
    }

    private sealed class Collecting(List<int> values) : IProgress<int>
    {
        public void Report(int value) => values.Add(value);
    }
}
