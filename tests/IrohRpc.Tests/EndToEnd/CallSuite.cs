using System.Diagnostics;
using System.IO.Pipelines;
using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>What every call shape promises, run on each transport.</summary>
public abstract partial class CallSuite
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract ITransport Transport { get; }

    [Fact]
    public async Task Unary_call_is_answered()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        Assert.Equal("Hello, world", await pair.Proxy.HelloAsync("world", Token).Soon());
        Assert.Equal(5, await pair.Proxy.AddAsync(2, 3).Soon());
        await pair.Proxy.TouchAsync(Token).Soon();
    }

    [Fact]
    public async Task Many_callers_share_a_lane()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(async () =>
        {
            for (int number = 0; number < 50; number++)
            {
                Assert.Equal(caller + number, await pair.Proxy.AddAsync(caller, number));
            }
        }))).Soon();
    }

    [Fact]
    public async Task One_way_call_arrives()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        pair.Proxy.Note("noted");
        Assert.True(await pair.Service.Noted.WaitAsync(RpcPair.Bound, Token));
        Assert.Equal(["noted"], pair.Service.Notes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(20_000)]
    public async Task Items_stream_to_the_caller(int count)
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        Assert.Equal(Enumerable.Range(0, count), await pair.Proxy.CountAsync(count, Token).ToListAsync(Token).Soon());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20_000)]
    public async Task Items_stream_to_the_service(int count)
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        Assert.Equal(Enumerable.Range(0, count).Sum(number => (long)number), await pair.Proxy.SumAsync(Numbers(count), Token).Soon());
    }

    [Fact]
    public async Task Items_stream_both_ways_at_once()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        List<int> doubled = await pair.Proxy.DoubleAsync(Numbers(5_000), Token).ToListAsync(Token).Soon();
        Assert.Equal(Enumerable.Range(0, 5_000).Select(number => 2 * number), doubled);
    }

    [Fact]
    public async Task Several_parameters_stream_side_by_side()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        long expected = Enumerable.Range(0, 1_000).Sum(number => (long)number * number);
        Assert.Equal(expected, await pair.Proxy.ZipAsync(Numbers(1_000), Numbers(1_000), Token).Soon());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public async Task Bytes_stream_to_the_service(int length)
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        Assert.Equal(length, await pair.Proxy.LengthAsync(new MemoryStream(Workshop.Pattern(length)), Token).Soon());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public async Task Bytes_stream_to_the_caller(int length)
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        await using Stream content = await pair.Proxy.ContentAsync(length, Token).Soon();
        using var copy = new MemoryStream();
        await content.CopyToAsync(copy, Token).Soon();
        Assert.Equal(Workshop.Pattern(length), copy.ToArray());
    }

    [Fact]
    public async Task Pipes_carry_bytes_both_ways()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        byte[] bytes = Workshop.Pattern(300_000);
        var back = new Pipe();
        ValueTask<int> call = pair.Proxy.CopyAsync(PipeReader.Create(new MemoryStream(bytes)), back.Writer, Token);
        using var copy = new MemoryStream();
        await back.Reader.CopyToAsync(copy, Token).Soon();
        Assert.Equal(bytes.Length, await call.Soon());
        Assert.Equal(bytes, copy.ToArray());
    }

    [Fact]
    public async Task Result_that_takes_bytes_delivers_them()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        byte[] bytes = Workshop.Pattern(200_000);
        PipeWriter writer = await pair.Proxy.StoreAsync("x", Token).Soon();
        await writer.WriteAsync(bytes, Token).Soon();
        await writer.CompleteAsync();
        Assert.Equal(bytes, await pair.Service.Stored.Task.Soon());
    }

    [Fact]
    public async Task Progress_reaches_the_caller_in_order()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        var reports = new RecordedProgress();
        Assert.Equal(10, await pair.Proxy.WorkAsync(10, reports, Token).Soon());
        Assert.Equal(Enumerable.Range(1, 10), reports.Values);
        Assert.Equal(3, await pair.Proxy.WorkAsync(3, null, Token).Soon());
    }

    [Fact]
    public async Task Service_calls_the_callers_object()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        Assert.Equal("me heard you", await pair.Proxy.AskAsync(new Workshop.Listener("me"), "you", Token).Soon());
        Assert.Equal("nobody", await pair.Proxy.AskAsync(null, "you", Token).Soon());
    }

    [Fact]
    public async Task Object_that_is_kept_outlives_the_call_that_passed_it()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        await pair.Proxy.AskAsync(new Workshop.Listener("me"), "you", Token).Soon();
        Assert.Equal("me heard later", await pair.Service.Kept!.HearAsync("later", Token).Soon());
    }

    [Fact]
    public async Task Caller_calls_an_object_of_the_services()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        IListener? listener = await pair.Proxy.OpenAsync("door", Token).Soon();
        Assert.Equal("door heard knock", await listener!.HearAsync("knock", Token).Soon());
        Assert.Null(await pair.Proxy.OpenAsync("", Token).Soon());
    }

    [Fact]
    public async Task Both_peers_call_on_one_connection()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport, clientService: new Workshop());
        IWorkshop back = pair.Server.GetProxy<IWorkshop>();
        Task<int>[] calls = [.. Enumerable.Range(0, 20).SelectMany(number => new[] { pair.Proxy.AddAsync(number, 1), back.AddAsync(number, 1) })];
        await Task.WhenAll(calls).Soon();
        Assert.All(calls, (call, index) => Assert.Equal((index / 2) + 1, call.Result));
    }

    [Fact]
    public async Task Large_arguments_and_results_arrive_whole()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        Assert.Equal(Workshop.Pattern(1_000_000), await pair.Proxy.LargeAsync([1], 1_000_000, Token).Soon());
        Assert.Equal(Workshop.Pattern(10), await pair.Proxy.LargeAsync(Workshop.Pattern(1_000_000), 10, Token).Soon());
        Assert.Equal(Workshop.Pattern(20_000), await pair.Proxy.LargeAsync(Workshop.Pattern(20_000), 20_000, Token).Soon());
    }

    [Fact]
    public async Task Handler_sees_who_calls_and_metadata_travels_both_ways()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        var context = new CallContext { Timeout = TimeSpan.FromMinutes(5), Metadata = new Metadata { { "question", "why?" } } };
        string answer = await pair.Proxy.WhoAsync(context, Token).Soon();
        Assert.StartsWith($"{pair.ClientId} workshop/2 True", answer, StringComparison.Ordinal);
        Assert.Equal("why?", context.ResponseMetadata["echo"]);
    }

    [Fact]
    public async Task Metadata_of_the_answer_arrives_where_the_call_fails()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        var context = new CallContext { Metadata = new Metadata { { "question", "fail?" } } };
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.WhoAsync(context, Token).Soon());
        Assert.Equal((RpcStatusCode.Aborted, "fail?"), (error.StatusCode, context.ResponseMetadata["echo"]));
    }

    [Fact]
    public async Task Failures_arrive_with_code_message_and_detail()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        var fault = await Assert.ThrowsAsync<RpcFaultException<int>>(() => pair.Proxy.FailAsync("fault", Token).Soon());
        Assert.Equal((42, "It is 42.", RpcStatusCode.FailedPrecondition), (fault.Detail, fault.Message, fault.StatusCode));
        var status = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.FailAsync("status", Token).Soon());
        Assert.Equal((RpcStatusCode.PermissionDenied, "Not you.", "IWorkshop.FailAsync"), (status.StatusCode, status.Message, status.Method));
        var secret = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.FailAsync("crash", Token).Soon());
        Assert.Equal(RpcStatusCode.Internal, secret.StatusCode);
        Assert.DoesNotContain("secret", secret.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Exception_details_leave_where_the_service_says_so()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport, new ServiceOptions { ExposeExceptionDetails = true });
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.FailAsync("crash", Token).Soon());
        Assert.Contains("A secret.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_in_the_middle_of_a_stream_comes_after_its_items()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        var items = new List<int>();
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (int item in pair.Proxy.CountAsync(-500, Token))
            {
                items.Add(item);
            }
        });
        Assert.Equal(RpcStatusCode.OutOfRange, error.StatusCode);
        Assert.Equal(Enumerable.Range(0, 500), items);
    }

    [Fact]
    public async Task Enumeration_left_early_stops_the_producer()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        await foreach (int item in pair.Proxy.CountAsync(int.MaxValue, Token))
        {
            if (item == 10)
            {
                break;
            }
        }

        await pair.Service.Stopped.Task.Soon();
        Assert.Equal("Hello, again", await pair.Proxy.HelloAsync("again", Token).Soon());
    }

    [Fact]
    public async Task Handler_that_stops_reading_stops_the_callers_stream()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        var stopped = new TaskCompletionSource();
        long sum = await pair.Proxy.SumAsync(Endless(stopped), Token).Soon();
        Assert.Equal(-1, sum);
        await stopped.Task.Soon();

        static async IAsyncEnumerable<int> Endless(TaskCompletionSource stopped)
        {
            try
            {
                yield return -1;
                while (true)
                {
                    await Task.Yield();
                    yield return 0;
                }
            }
            finally
            {
                stopped.TrySetResult();
            }
        }
    }

    [Fact]
    public async Task Exception_in_the_callers_stream_is_what_the_caller_gets()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        await Assert.ThrowsAsync<FormatException>(() => pair.Proxy.SumAsync(Failing(), Token).Soon());

        static async IAsyncEnumerable<int> Failing()
        {
            yield return 1;
            await Task.Yield();
            throw new FormatException("Mine.");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_ends_the_call_here_and_there(bool streaming)
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        using var cancellation = new CancellationTokenSource();
        Task call = streaming
            ? pair.Proxy.CountAsync(1, cancellation.Token).ToListAsync(Token).AsTask()
            : pair.Proxy.HelloAsync("wait", cancellation.Token).AsTask();
        if (!streaming)
        {
            await pair.Service.Entered.Task.Soon();
        }

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        if (!streaming)
        {
            await pair.Service.Stopped.Task.Soon();
        }

        Assert.Equal("Hello, again", await pair.Proxy.HelloAsync("again", Token).Soon());
    }

    [Fact]
    public async Task Blocked_handler_delays_nobody()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        Task<string> blocked = pair.Proxy.HelloAsync("block", Token).AsTask();
        await pair.Service.Entered.Task.Soon();
        for (int number = 0; number < 100; number++)
        {
            Assert.Equal("Hello, world", await pair.Proxy.HelloAsync("world", Token).Soon());
        }

        Assert.False(blocked.IsCompleted);
        pair.Service.BlockingGate.Set();
        Assert.Equal("blocked", await blocked.Soon());
    }

    [Fact]
    public async Task Caller_that_blocks_in_its_continuation_delays_nobody()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        using var gate = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task blocked = BlockAfterCallAsync();
        await entered.Task.Soon();
        for (int number = 0; number < 100; number++)
        {
            Assert.Equal(number, await pair.Proxy.AddAsync(number, 0).Soon());
        }

        gate.Set();
        await blocked.Soon();

        async Task BlockAfterCallAsync()
        {
            await pair.Proxy.HelloAsync("yield", Token).ConfigureAwait(false);
            entered.SetResult();
            gate.Wait(RpcPair.Bound, Token);
        }
    }

    [Fact]
    public async Task Lost_connection_fails_calls_as_unavailable_and_streams_are_never_short()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        Task<string> call = pair.Proxy.HelloAsync("wait", Token).AsTask();
        await pair.Service.Entered.Task.Soon();
        await using IAsyncEnumerator<int> items = pair.Proxy.CountAsync(1, Token).GetAsyncEnumerator(Token);
        Assert.True(await items.MoveNextAsync().Soon());
        ValueTask<bool> next = items.MoveNextAsync();
        await pair.Server.Connection.CloseAsync(7, "gone", Token).Soon();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.Soon());
        Assert.Equal((RpcStatusCode.Unavailable, false), (error.StatusCode, error.IsNotStarted));
        Assert.Equal(RpcStatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => next.Soon())).StatusCode);
        await pair.Service.Stopped.Task.Soon();
        error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.HelloAsync("late", Token).Soon());
        Assert.Equal((RpcStatusCode.Unavailable, true), (error.StatusCode, error.IsNotStarted));
    }

    [Fact]
    public async Task Method_younger_than_the_connection_fails_here()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport, alpn: "workshop/1");
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.YoungAsync(Token).Soon());
        Assert.Equal(RpcStatusCode.Unimplemented, error.StatusCode);
        Assert.Contains("workshop/2", error.Message, StringComparison.Ordinal);
        Assert.Contains("workshop/1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_over_the_methods_limit_is_refused_and_the_connection_unharmed()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        foreach (int length in (int[])[2_000, 100_000])
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.TightAsync(new byte[length], Token).Soon());
            Assert.Equal(RpcStatusCode.ResourceExhausted, error.StatusCode);
            Assert.Contains("TightAsync", error.Message, StringComparison.Ordinal);
        }

        await pair.Proxy.TightAsync(new byte[500], Token).Soon();
    }

    [Fact]
    public async Task Calls_run_one_at_a_time_where_the_service_asks_for_it()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport, new ServiceOptions { Sequential = true });
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => pair.Proxy.HelloAsync("yield", Token).AsTask())).Soon();
        Assert.Equal(1, pair.Service.MostRunning);
        Assert.Equal(Enumerable.Range(0, 10), await pair.Proxy.CountAsync(10, Token).ToListAsync(Token).Soon());
        Assert.Equal(2, await pair.Proxy.AddAsync(1, 1).Soon());
    }

    [Fact]
    public async Task Calls_over_the_limit_are_refused()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport, new ServiceOptions { MaxCallsInProgress = 1 });
        Task<string> first = pair.Proxy.HelloAsync("wait", Token).AsTask();
        await pair.Service.Entered.Task.Soon();
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.HelloAsync("second", Token).Soon());
        Assert.Equal(RpcStatusCode.ResourceExhausted, error.StatusCode);
        pair.Service.Gate.SetResult();
        Assert.Equal("waited", await first.Soon());
    }

    [Fact]
    public async Task Trace_of_the_caller_continues_at_the_handler()
    {
        // Tests that run beside this one are not to be traced: their frames would say so.
        var trace = ActivityTraceId.CreateRandom();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "IrohRpc",
            Sample = (ref ActivityCreationOptions<ActivityContext> options)
                => options.Parent.TraceId == trace ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
        };
        ActivitySource.AddActivityListener(listener);
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        using Activity activity = new Activity("test").SetParentId(trace, ActivitySpanId.CreateRandom()).Start();
        string answer = await pair.Proxy.WhoAsync(null, Token).Soon();
        Assert.EndsWith(trace.ToString(), answer, StringComparison.Ordinal);
        Assert.Same(activity, Activity.Current);
    }

    private static async IAsyncEnumerable<int> Numbers(int count)
    {
        for (int number = 0; number < count; number++)
        {
            if (number % 1000 == 0)
            {
                await Task.Yield();
            }

            yield return number;
        }
    }

    private sealed class RecordedProgress : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public void Report(int value) => Values.Add(value);
    }
}
