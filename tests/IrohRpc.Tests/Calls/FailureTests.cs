using System.Diagnostics;
using System.IO.Pipelines;
using IrohRpc.Internal;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Tests;

/// <summary>Every call ends exactly once, whatever throws; and nothing else is harmed.</summary>
[Collection<RunsAlone>]
public sealed class FailureTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("lone")]
    [InlineData("lone later")]
    public async Task Fault_that_does_not_encode_keeps_its_code_and_costs_one_call(string how)
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.FailAsync(how, Token).Soon());
        Assert.Equal(RpcStatusCode.FailedPrecondition, error.StatusCode);
        await Assert.ThrowsAsync<RpcFaultException<Refused>>(() => pair.Proxy.FailAsync("fault", Token).Soon());
    }

    [Theory]
    [InlineData("lone")]
    [InlineData("message")]
    [InlineData("other")]
    public async Task Failure_in_a_stream_is_its_end_and_no_item_before_it_is_lost(string how)
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        await using IAsyncEnumerator<int> items = pair.Proxy.FailItemsAsync(how, Token).GetAsyncEnumerator(Token);
        Assert.True(await items.MoveNextAsync().Soon());
        await Assert.ThrowsAsync<RpcException>(() => items.MoveNextAsync().Soon());
    }

    [Theory]
    [InlineData("message")]
    [InlineData("message later")]
    public async Task Exception_whose_message_throws_is_internal(string how)
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe(), new ServiceOptions { ExposeExceptionDetails = true });
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.FailAsync(how, Token).Soon());
        Assert.Equal(RpcStatusCode.Internal, error.StatusCode);
    }

    [Fact]
    public async Task Fault_too_large_for_a_frame_keeps_its_status()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.FailAsync("large", Token).Soon());
        Assert.Equal(RpcStatusCode.FailedPrecondition, error.StatusCode);
    }

    [Fact]
    public async Task Fault_that_the_contract_does_not_declare_is_named_in_the_services_log()
    {
        using var logs = new LogCollector();
        var probe = new Probe { Look = static _ => throw new RpcFaultException<Refused>(new Refused("no"), "Not today.") };
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, new ServiceOptions { LoggerFactory = logs });
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.ContextAsync(new CallContext(), Token).Soon());
        Assert.Equal((RpcStatusCode.FailedPrecondition, "Not today."), (error.StatusCode, error.Message));
        Assert.Contains("[Fault<Refused>]", Assert.Single(logs.AtLeast(LogLevel.Error)).Exception!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_metadata_over_the_limit_is_the_services_error()
    {
        var probe = new Probe
        {
            Look = context =>
            {
                context!.ResponseMetadata["k"] = new string('x', 20_000);
                return true;
            },
        };
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.ContextAsync(new CallContext(), Token).Soon());
        Assert.Equal(RpcStatusCode.ResourceExhausted, error.StatusCode);

        // The end of a stream has metadata as well.
        await using IAsyncEnumerator<int> items = pair.Proxy.ContextItemsAsync(new CallContext(), Token).GetAsyncEnumerator(Token);
        Assert.True(await items.MoveNextAsync().Soon());
        await Assert.ThrowsAsync<RpcException>(() => items.MoveNextAsync().Soon());
        Assert.Equal(0, pair.Server.CallsInProgress);
    }

    [Fact]
    public async Task Message_of_a_peer_commands_no_terminal()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.FailAsync("escape", Token).Soon());
        Assert.Equal("red\\u001b[31m\nline", error.Message);
    }

    [Fact]
    public async Task Null_stream_is_an_error_of_the_service()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.BytesAsync(-1, Token).Soon());
        Assert.Equal(RpcStatusCode.Internal, error.StatusCode);
    }

    public static TheoryData<Exception> SourceFailures => new((Exception[])[
        new PeerException(PeerErrorKind.ConnectionLost, "Another peer's connection."),
        new OperationCanceledException("mine"),
        new TaskCanceledException("mine"),
        new IOException("mine")]);

    [Theory]
    [MemberData(nameof(SourceFailures))]
    public async Task Source_of_the_callers_fails_its_call_with_its_own_exception(Exception thrown)
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        Assert.Same(thrown, await Assert.ThrowsAnyAsync<Exception>(() => pair.Proxy.SumAsync(Source(), Token).Soon()));
        Assert.Equal("after", await pair.Proxy.EchoAsync("after", Token).Soon());

        async IAsyncEnumerable<int> Source()
        {
            yield return 1;
            await Task.Yield();
            throw thrown;
        }
    }

    [Fact]
    public async Task Progress_that_throws_fails_its_call_with_its_own_exception()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        var thrown = new InvalidOperationException("mine");
        Assert.Same(thrown, await Assert.ThrowsAsync<InvalidOperationException>(() => pair.Proxy.WorkAsync(3, new ThrowingProgress(thrown), Token).Soon()));
    }

    [Fact]
    public async Task Pipe_that_throws_when_completed_leaks_nothing()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        var writer = new ThrowingWriter();
        await Assert.ThrowsAnyAsync<Exception>(() => pair.Proxy.RunAsync(writer, Token).Soon());
        Assert.Equal("after", await pair.Proxy.EchoAsync("after", Token).Soon());
    }

    [Fact]
    public async Task Callback_on_a_sources_token_that_throws_does_not_stop_a_cancel()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IAsyncEnumerable<int> source = Source(CancellationToken.None);
        Task<long> call = pair.Proxy.SumAsync(source, stop.Token).AsTask();
        await begun.Task.Soon();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());

        async IAsyncEnumerable<int> Source([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await using CancellationTokenRegistration registration = cancellationToken.Register(static () => throw new InvalidOperationException("mine"));
            yield return 1;
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    [Fact]
    public async Task What_a_resolver_throws_is_the_calls_error()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(
            new Probe(), bind: _ => new PerCallBinding<IProbe>(static _ => throw new RpcException(RpcStatusCode.PermissionDenied, "Not you."), null));
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.EchoAsync("x", Token).Soon());
        Assert.Equal((RpcStatusCode.PermissionDenied, "Not you.", false), (error.StatusCode, error.Message, error.IsNotStarted));
    }

    [Fact]
    public async Task Resolver_that_breaks_says_nothing_of_itself()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(
            new Probe(), bind: _ => new PerCallBinding<IProbe>(static _ => throw new InvalidOperationException("connection string"), null));
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.EchoAsync("x", Token).Soon());
        Assert.Equal(RpcStatusCode.Internal, error.StatusCode);
        Assert.DoesNotContain("connection string", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Activity_listener_that_throws_harms_no_call(bool started)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "IrohRpc",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => ThrowIf(started),
            ActivityStopped = _ => ThrowIf(!started),
        };
        ActivitySource.AddActivityListener(listener);
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        foreach (Func<IProbe, Task> shape in Shapes)
        {
            await shape(pair.Proxy).Soon();
        }

        static void ThrowIf(bool condition)
        {
            if (condition)
            {
                throw new InvalidOperationException("A listener's.");
            }
        }
    }

    [Fact]
    public async Task Logger_that_throws_harms_no_call()
    {
        using var logs = new ThrowingLogs();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(
            new Probe(), new ServiceOptions { LoggerFactory = logs }, new ClientOptions { LoggerFactory = logs });
        Assert.Equal(RpcStatusCode.Internal, (await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.FailAsync("other", Token).Soon())).StatusCode);
        Assert.Equal(RpcStatusCode.Internal, (await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.FailAsync("other later", Token).Soon())).StatusCode);
        Assert.Equal("after", await pair.Proxy.EchoAsync("after", Token).Soon());
    }

    [Fact]
    public async Task Message_limit_without_limit_is_no_limit()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(
            new Probe(), new ServiceOptions { MessageLimit = int.MaxValue }, new ClientOptions { MessageLimit = int.MaxValue });
        Assert.Equal(3, await pair.Proxy.SumAsync(Enumerable.Range(1, 2).ToAsyncEnumerable(), Token).Soon());
        Assert.Equal(100_000, (await pair.Proxy.BlobAsync(100_000, Token).Soon()).Length);
        await pair.Proxy.TakeAsync(new byte[100_000], null, Token).Soon();
    }

    /// <summary>One call of each shape.</summary>
    internal static Func<IProbe, Task>[] Shapes { get; } =
    [
        static async probe => await probe.EchoAsync("x", Token),
        static async probe => await probe.EchoAsync("yield", Token),
        static async probe => await probe.BlobAsync(100_000, Token),
        static async probe => await probe.TakeAsync(new byte[100_000], null, Token),
        static async probe => await probe.ItemsAsync(100, Token).CountAsync(Token),
        static async probe => await probe.SumAsync(Enumerable.Range(0, 100).ToAsyncEnumerable(), Token),
        static async probe => await (await probe.LaterAsync(3, Token)).CountAsync(Token),
        static async probe =>
        {
            await using Stream bytes = await probe.BytesAsync(100_000, Token);
            await bytes.CopyToAsync(Stream.Null, Token);
        },
        static async probe => await probe.LengthAsync(new MemoryStream(new byte[100_000]), Token),
        static async probe => await (await probe.UploadAsync("", Token)).CompleteAsync(),
        static async probe => await probe.WorkAsync(3, new Progress<int>(), Token),
        static async probe => await probe.IgnoreAsync(new Workshop.Listener("x"), Token),
        static async probe => await (await probe.MakeAsync(Token)).HearAsync("x", Token),
        static probe =>
        {
            probe.Note(1);
            probe.NoteBytes(2, new byte[100_000]);
            return Task.CompletedTask;
        },
    ];

    private sealed class ThrowingProgress(Exception thrown) : IProgress<int>
    {
        public void Report(int value) => throw thrown;
    }

    private sealed class ThrowingWriter : PipeWriter
    {
        public override void Advance(int bytes)
        {
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => new byte[Math.Max(sizeHint, 1)];

        public override Span<byte> GetSpan(int sizeHint = 0) => new byte[Math.Max(sizeHint, 1)];

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null) => throw new InvalidOperationException("mine");

        public override ValueTask CompleteAsync(Exception? exception = null) => throw new InvalidOperationException("mine");

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => throw new InvalidOperationException("mine");
    }

    private sealed class ThrowingLogs : ILoggerFactory, ILogger
    {
        public void AddProvider(ILoggerProvider provider)
        {
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => throw new InvalidOperationException("A log's.");

        public void Dispose()
        {
        }
    }
}
