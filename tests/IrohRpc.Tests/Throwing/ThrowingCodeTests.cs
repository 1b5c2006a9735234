using System.Diagnostics;
using System.IO.Pipelines;

namespace IrohRpc.Tests.Throwing;

/// <summary>
/// Code of the library's users may throw anything anywhere: each call of each shape ends once, with what was thrown or with a status, and the connection goes on.
/// </summary>
[Collection<RunsAlone>]
public sealed class ThrowingCodeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string where in ThrowingCode.AtCaller.Concat(ThrowingCode.Elsewhere))
            {
                foreach (string kind in ThrowingCode.Kinds.Keys)
                {
                    data.Add(where, kind);
                }
            }

            return data;
        }
    }

    /// <summary>One call of each shape.</summary>
    private static Dictionary<string, Func<IFragile, ThrowingCode, Task>> Shapes { get; } = new()
    {
        ["unary"] = static async (fragile, _) => await fragile.EchoAsync("x", Token),
        ["large unary"] = static async (fragile, _) => await fragile.EchoAsync(new string('x', 50_000), Token),
        ["value"] = static async (fragile, _) => await fragile.ValueAsync(new Brittle { Text = "argument" }, Token),
        ["one-way"] = static (fragile, _) =>
        {
            fragile.Post(1, new byte[10]);
            fragile.Post(2, new byte[50_000]);
            return Task.CompletedTask;
        },
        ["items"] = static async (fragile, _) => await fragile.ItemsAsync(Token).CountAsync(Token),
        ["items later"] = static async (fragile, _) => await (await fragile.LaterItemsAsync(Token)).CountAsync(Token),
        ["upload of items"] = static async (fragile, code) => await fragile.TakeItemsAsync(new ThrowingItems(code, "source"), Token),
        ["items both ways"] = static async (fragile, code) => await fragile.MapAsync(new ThrowingItems(code, "source"), Token).CountAsync(Token),
        ["bytes"] = static async (fragile, _) =>
        {
            await using Stream bytes = await fragile.BytesAsync(Token);
            await bytes.CopyToAsync(Stream.Null, Token);
        },
        ["reader"] = static async (fragile, _) =>
        {
            PipeReader reader = await fragile.ReaderAsync(Token);
            await reader.CopyToAsync(Stream.Null, Token);
            await reader.CompleteAsync();
        },
        ["upload of bytes"] = static async (fragile, code) => await fragile.TakeBytesAsync(new ThrowingStream(code, "upload"), Token),
        ["writer"] = static async (fragile, _) =>
        {
            PipeWriter writer = await fragile.WriterAsync(Token);
            await writer.WriteAsync(new byte[1000], Token);
            await writer.CompleteAsync();
        },
        ["sink"] = static async (fragile, code) => await fragile.FillAsync(new ThrowingSink(code, "sink"), Token),
        ["progress"] = static async (fragile, code) => await fragile.WorkAsync(new ThrowingProgress(code), Token),
        ["callback"] = static async (fragile, code) => await fragile.AskAsync(new Fragile.Listener(code, "callback"), Token),
        ["object"] = static async (fragile, _) =>
        {
            IListener listener = await fragile.MakeAsync(Token);
            try
            {
                await listener.HearAsync("x", Token);
            }
            finally
            {
                ((IDisposable)listener).Dispose();
            }
        },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Whatever_throws_wherever_each_call_ends_once_and_the_connection_goes_on(string where, string kind)
    {
        var code = new ThrowingCode(where, ThrowingCode.Kinds[kind]());
        var service = new Fragile(code);
        Brittle.Code = code;
        using ActivityListener? listener = Listen(where, code);
        try
        {
            await using Pair<IFragile> pair = await Pair<IFragile>.StartAsync(
                service,
                new ServiceOptions { LoggerFactory = code },
                new ClientOptions { LoggerFactory = code },
                bind: _ => new PerCallBinding<IFragile>(
                    _ =>
                    {
                        code.At("resolver");
                        return service;
                    },
                    _ => code.AtAsync("release")));
            foreach (bool isLater in (bool[])[false, true])
            {
                code.IsLater = isLater;
                foreach ((string name, Func<IFragile, ThrowingCode, Task> shape) in Shapes)
                {
                    Check(where, name, code, await RecordAsync(() => shape(pair.Proxy, code)));
                }
            }

            Assert.True(code.Hits > 0, $"Nothing runs where \"{where}\" is.");
            if (where != "resolver")
            {
                Assert.Equal("after", await pair.Proxy.EchoAsync("after", Token).Soon());
            }

            Assert.False(pair.Client.Connection.Closed.IsCompleted);
        }
        finally
        {
            Brittle.Code = null;
        }
    }

    private static async Task<Exception?> RecordAsync(Func<Task> call)
    {
        try
        {
            await call().Soon();
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private static void Check(string where, string shape, ThrowingCode code, Exception? error)
    {
        if (error is null || ReferenceEquals(error, code.Thrown))
        {
            return;
        }

        // Code of the caller's own that its call depends on gives the call its exception; what else there is, a status.
        Assert.True(
            error is RpcException && (where == "callback" || !ThrowingCode.AtCaller.Contains(where)),
            $"{shape}, {where}: {error.GetType().Name}: {error.Message}");
        RpcStatusCode status = ((RpcException)error).StatusCode;
        bool isExpected = status is RpcStatusCode.Internal or RpcStatusCode.InvalidArgument || (code.Thrown is RpcException thrown && status == thrown.StatusCode);
        Assert.True(isExpected, $"{shape}, {where}: {status}: {error.Message}");
        Assert.DoesNotContain("mine", status == RpcStatusCode.Internal && where is "handler" or "resolver" && code.Thrown is not RpcException ? error.Message : "", StringComparison.Ordinal);
    }

    private static ActivityListener? Listen(string where, ThrowingCode code)
    {
        if (!where.StartsWith("activity", StringComparison.Ordinal))
        {
            return null;
        }

        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "IrohRpc",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => code.At("activity starts"),
            ActivityStopped = _ => code.At("activity stops"),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private sealed class ThrowingProgress(ThrowingCode code) : IProgress<int>
    {
        public void Report(int value) => code.At("progress");
    }
}
