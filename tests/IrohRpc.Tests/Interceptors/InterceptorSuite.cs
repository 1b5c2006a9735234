using System.IO.Pipelines;
using IrohRpc.Transports;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests;

/// <summary>Every shape of calls, intercepted at either side in every way, on each transport.</summary>
public abstract class InterceptorSuite
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract ITransport Transport { get; }

    public static TheoryData<string, bool> Matrix
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (InterceptedShape shape in InterceptedShape.All)
            {
                data.Add(shape.Name, false);
                data.Add(shape.Name, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Observer_sees_the_call_from_its_beginning_to_its_end(string name, bool atService)
    {
        var shape = InterceptedShape.Find(name);
        var ended = new TaskCompletionSource<RpcInvocation>(TaskCreationOptions.RunContinuationsAsynchronously);
        RpcInvocation? seen = null;
        await using RpcPair pair = await StartAsync(atService, async (invocation, next) =>
        {
            seen ??= invocation;
            if (seen == invocation)
            {
                invocation.OnCompleted(ended.SetResult);
            }

            Assert.Equal(atService, invocation.IsIncoming);
            Assert.Equal(invocation.Method.Parameters.Count, invocation.Arguments.Count);
            _ = invocation.Arguments.ToList();
            Assert.Null(invocation.Status);
            await next(invocation);
            Assert.True(invocation.HasResult);
        });
        Assert.Equal(shape.Expected, await shape.CallAsync(pair, Token).Soon());
        Assert.Equal(RpcStatusCode.OK, (await ended.Task.Soon()).Status);
        Assert.Equal(atService ? pair.Server.PeerId : pair.Client.PeerId, seen!.PeerId);
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Changed_arguments_are_what_the_handler_gets(string name, bool atService)
    {
        var shape = InterceptedShape.Find(name);
        if (shape.ChangeArguments is null)
        {
            return;
        }

        await using RpcPair pair = await StartAsync(atService, (invocation, next) =>
        {
            shape.ChangeArguments(invocation);
            return next(invocation);
        });

        // An object that comes back is called through interceptors of the caller's, which are at the other end of an object that was passed.
        string? changed = shape.Name == "resulting object" && atService ? "gate heard bell" : shape.Changed;
        Assert.Equal(changed, await shape.CallAsync(pair, Token).Soon());
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Changed_result_is_what_the_caller_gets(string name, bool atService)
    {
        var shape = InterceptedShape.Find(name);
        if (shape.Replaced is null)
        {
            return;
        }

        await using RpcPair pair = await StartAsync(atService, async (invocation, next) =>
        {
            await next(invocation);
            shape.ChangeResult!(invocation);
        });
        Assert.Equal(shape.Replaced, await shape.CallAsync(pair, Token).Soon());
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Interceptor_answers_by_itself(string name, bool atService)
    {
        var shape = InterceptedShape.Find(name);
        if (shape.Shortened is null)
        {
            return;
        }

        int calls = 0;
        await using RpcPair pair = await StartAsync(atService, (invocation, _) =>
        {
            calls++;
            invocation.Result = shape.Shortcut();
            return ValueTask.CompletedTask;
        });
        Assert.Equal(shape.Shortened, await shape.CallAsync(pair, Token).Soon());
        Assert.Equal(1, calls);
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Exception_of_an_interceptor_ends_exactly_the_one_call(string name, bool atService)
    {
        var shape = InterceptedShape.Find(name);
        int calls = 0;
        await using RpcPair pair = await StartAsync(atService, (invocation, next) =>
            Interlocked.Increment(ref calls) == 1 ? throw new RpcException(RpcStatusCode.PermissionDenied, "Not today.") : next(invocation));
        if (shape.Name == "one-way" && atService)
        {
            // Nobody hears of it.
            pair.Proxy.Note("lost");
            await pair.Proxy.TouchAsync(Token).Soon();
            Assert.Empty(pair.Service.Notes);
        }
        else
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => shape.CallAsync(pair, Token).Soon());
            Assert.Equal((RpcStatusCode.PermissionDenied, "Not today."), (error.StatusCode, error.Message));
        }

        Assert.Equal(shape.Expected, await shape.CallAsync(pair, Token).Soon());
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Exception_after_the_call_ends_exactly_the_one_call(string name, bool atService)
    {
        var shape = InterceptedShape.Find(name);
        if (shape.Name == "one-way")
        {
            return;
        }

        int calls = 0;
        await using RpcPair pair = await StartAsync(atService, async (invocation, next) =>
        {
            await next(invocation);
            if (Interlocked.Increment(ref calls) == 1)
            {
                throw new RpcException(RpcStatusCode.DataLoss, "Dropped it.");
            }
        });
        var error = await Assert.ThrowsAsync<RpcException>(() => shape.CallAsync(pair, Token).Soon());
        Assert.Equal((RpcStatusCode.DataLoss, "Dropped it."), (error.StatusCode, error.Message));
        if (shape.Name != "result that takes bytes")
        {
            Assert.Equal(shape.Expected, await shape.CallAsync(pair, Token).Soon());
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Slow_interceptor_delays_nobody_else(string name, bool atService)
    {
        var shape = InterceptedShape.Find(name);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using RpcPair pair = await StartAsync(atService, async (invocation, next) =>
        {
            if (invocation.Method.Name != nameof(IWorkshop.YoungAsync))
            {
                await gate.Task.WaitAsync(Token);
            }

            await next(invocation);
        });
        Task<string> slow = shape.CallAsync(pair, Token);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(2, await pair.Proxy.YoungAsync(Token).Soon());
        }

        Assert.False(slow.IsCompleted);
        gate.SetResult();
        Assert.Equal(shape.Expected, await slow.Soon());
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Cancelled_caller_is_released_though_an_interceptor_hangs(string name, bool atService)
    {
        var shape = InterceptedShape.Find(name);
        if (shape.Name is "one-way" or "unary in a task")
        {
            // They take no token.
            return;
        }

        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int calls = 0;
        await using RpcPair pair = await StartAsync(atService, async (invocation, next) =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                // Deaf to its token.
                entered.SetResult();
                await gate.Task;
            }

            await next(invocation);
        });
        using var cancellation = new CancellationTokenSource();
        Task<string> call = shape.CallAsync(pair, cancellation.Token);
        await entered.Task.Soon();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        Assert.Equal(5, await pair.Proxy.AddAsync(2, 3).Soon());
        gate.SetResult();
    }

    [Fact]
    public async Task Interceptors_run_by_stage_and_then_in_the_order_of_registration()
    {
        var order = new List<string>();
        ServiceOptions service = new();
        ClientOptions client = new();
        foreach ((string name, InterceptorStage stage) in (ReadOnlySpan<(string, InterceptorStage)>)
            [("a", InterceptorStage.Invocation), ("b", InterceptorStage.Admission), ("c", InterceptorStage.Invocation), ("d", InterceptorStage.Observation), ("e", InterceptorStage.Admission)])
        {
            client.Interceptors.Add(Named(name, atService: false, stage));
            service.Interceptors.Add(Named(name.ToUpperInvariant(), atService: true, stage));
        }

        await using RpcPair pair = await RpcPair.StartAsync(Transport, service, client);
        await pair.Proxy.TouchAsync(Token).Soon();
        Assert.Equal("d b e a c D B E A C", string.Join(' ', order));

        ScriptedInterceptor Named(string name, bool atService, InterceptorStage stage) => new(
            (invocation, next) =>
            {
                order.Add(name);
                return next(invocation);
            },
            atService,
            stage);
    }

    [Fact]
    public async Task Metadata_goes_both_ways_also_for_a_method_without_a_context()
    {
        string? asked = null;
        string? answered = null;
        ServiceOptions service = new();
        service.Interceptors.Add(new ScriptedInterceptor(
            (invocation, next) =>
            {
                asked = invocation.Context.Metadata["question"];
                invocation.Context.ResponseMetadata["answer"] = "because";
                return next(invocation);
            },
            atService: true));
        ClientOptions client = new();
        client.Interceptors.Add(new ScriptedInterceptor(
            async (invocation, next) =>
            {
                invocation.Context.Metadata["question"] = "why?";
                await next(invocation);
                answered = invocation.Context.ResponseMetadata["answer"];
            },
            atService: false));
        await using RpcPair pair = await RpcPair.StartAsync(Transport, service, client);
        await pair.Proxy.TouchAsync(Token).Soon();
        Assert.Equal(("why?", "because"), (asked, answered));
    }

    [Fact]
    public async Task Users_context_is_the_interceptors()
    {
        await using RpcPair pair = await StartAsync(atService: false, (invocation, next) =>
        {
            invocation.Context.Metadata["question"] = "seen " + invocation.Context.Metadata["question"];
            return next(invocation);
        });
        var context = new CallContext { Metadata = new Metadata { { "question", "why?" } } };
        await pair.Proxy.WhoAsync(context, Token).Soon();
        Assert.Equal("seen why?", context.ResponseMetadata["echo"]);
    }

    [Fact]
    public async Task Arguments_are_not_decoded_for_a_call_that_is_refused()
    {
        bool couldRead = true;
        ServiceOptions service = new();
        service.Interceptors.Add(new ScriptedInterceptor(
            (invocation, _) =>
            {
                couldRead = invocation.HasArguments;
                Assert.Throws<InvalidOperationException>(() => invocation.Arguments);
                throw new RpcException(RpcStatusCode.PermissionDenied, "No.");
            },
            atService: true,
            InterceptorStage.Admission));
        await using RpcPair pair = await RpcPair.StartAsync(Transport, service);
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.HelloAsync("x", Token).Soon());
        Assert.Equal((RpcStatusCode.PermissionDenied, false), (error.StatusCode, couldRead));
    }

    [Fact]
    public async Task Pipes_of_a_call_that_is_never_made_are_completed()
    {
        await using RpcPair pair = await StartAsync(atService: false, (_, _) => throw new RpcException(RpcStatusCode.Aborted, "No."));
        var up = new Pipe();
        var down = new Pipe();
        await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.CopyAsync(up.Reader, down.Writer, Token).Soon());
        await Assert.ThrowsAsync<RpcException>(() => down.Reader.ReadAsync(Token).Soon());
        await Assert.ThrowsAsync<RpcException>(() => up.Writer.WriteAsync(new byte[1], Token).AsTask().Soon());
    }

    [Fact]
    public async Task Deadline_releases_the_caller_though_an_interceptor_hangs()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = new FakeTimeProvider();
        var client = new ClientOptions { TimeProvider = clock, Timeout = TimeSpan.FromSeconds(5) };
        client.Interceptors.Add(new ScriptedInterceptor(async (_, _) => await gate.Task, atService: false));
        await using RpcPair pair = await RpcPair.StartAsync(Transport, null, client);
        Task call = pair.Proxy.TouchAsync(Token).AsTask();
        clock.Advance(TimeSpan.FromSeconds(5));
        var error = await Assert.ThrowsAsync<RpcException>(() => call.Soon());
        Assert.Equal(RpcStatusCode.DeadlineExceeded, error.StatusCode);
        gate.SetResult();
    }

    [Fact]
    public async Task Handler_runs_once()
    {
        Exception? second = null;
        await using RpcPair pair = await StartAsync(atService: true, async (invocation, next) =>
        {
            await next(invocation);
            second = await Record.ExceptionAsync(() => next(invocation).AsTask());
        });
        Assert.Equal("Hello, world", await pair.Proxy.HelloAsync("world", Token).Soon());
        Assert.IsType<InvalidOperationException>(second);
    }

    [Fact]
    public async Task Caller_can_go_on_again()
    {
        int attempts = 0;
        ServiceOptions service = new();
        service.Interceptors.Add(new ScriptedInterceptor(
            (invocation, next) => ++attempts < 3 ? throw new RpcException(RpcStatusCode.ResourceExhausted, "Later.") : next(invocation), atService: true));
        ClientOptions client = new();
        client.Interceptors.Add(new ScriptedInterceptor(
            async (invocation, next) =>
            {
                while (true)
                {
                    try
                    {
                        await next(invocation);
                        return;
                    }
                    catch (RpcException exception) when (exception.StatusCode == RpcStatusCode.ResourceExhausted)
                    {
                    }
                }
            },
            atService: false));
        await using RpcPair pair = await RpcPair.StartAsync(Transport, service, client);
        Assert.Equal("Hello, world", await pair.Proxy.HelloAsync("world", Token).Soon());
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task Result_of_the_wrong_type_is_the_interceptors_error()
    {
        Exception? thrown = null;
        await using RpcPair pair = await StartAsync(atService: false, async (invocation, next) =>
        {
            await next(invocation);
            thrown = Record.Exception(() => invocation.Result = 5);
            Assert.Throws<ArgumentException>(() => invocation.Arguments[0] = 5);
            Assert.Throws<ArgumentException>(() => invocation.Arguments["nothing"]);
            Assert.Throws<ArgumentOutOfRangeException>(() => invocation.Arguments[7]);
            Assert.Throws<ArgumentException>(() => invocation.Arguments.MapItems(0, item => item));
            Assert.Throws<InvalidOperationException>(() => invocation.MapResultItems(item => item));
        });
        Assert.Equal("Hello, world", await pair.Proxy.HelloAsync("world", Token).Soon());
        Assert.IsType<ArgumentException>(thrown);
    }

    [Fact]
    public async Task Factory_is_asked_for_each_call()
    {
        int asked = 0;
        ClientOptions client = new();
        client.Interceptors.Add(_ =>
        {
            asked++;
            return new ScriptedInterceptor((invocation, next) => next(invocation), atService: false);
        });
        await using RpcPair pair = await RpcPair.StartAsync(Transport, null, client);
        await pair.Proxy.TouchAsync(Token).Soon();
        await pair.Proxy.TouchAsync(Token).Soon();
        Assert.Equal(2, asked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Replaced_token_is_what_the_handler_and_the_call_see(bool atService)
    {
        using var mine = new CancellationTokenSource();
        await using RpcPair pair = await StartAsync(atService, (invocation, next) =>
        {
            invocation.CancellationToken = mine.Token;
            return next(invocation);
        });
        Task<string> call = pair.Proxy.HelloAsync("wait", Token).AsTask();
        await pair.Service.Entered.Task.Soon();
        await mine.CancelAsync();
        if (atService)
        {
            await Assert.ThrowsAsync<RpcException>(() => call.Soon());
        }
        else
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        }

        await pair.Service.Stopped.Task.Soon();
    }

    [Fact]
    public async Task Failed_stream_tells_its_end_to_both_sides()
    {
        var ends = new TaskCompletionSource<RpcInvocation>[] { new(), new() };
        ServiceOptions service = new();
        ClientOptions client = new();
        client.Interceptors.Add(Watch(0));
        service.Interceptors.Add(Watch(1));
        await using RpcPair pair = await RpcPair.StartAsync(Transport, service, client);
        await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.CountAsync(-3, Token).ToListAsync(Token).Soon());
        foreach (TaskCompletionSource<RpcInvocation> end in ends)
        {
            RpcInvocation invocation = await end.Task.Soon();
            Assert.Equal(RpcStatusCode.OutOfRange, invocation.Status);
            Assert.IsType<RpcException>(invocation.Exception);
        }

        ScriptedInterceptor Watch(int side) => new(
            (invocation, next) =>
            {
                invocation.OnCompleted(ends[side].SetResult);
                return next(invocation);
            },
            atService: side == 1);
    }

    private Task<RpcPair> StartAsync(bool atService, Func<RpcInvocation, RpcInvocationDelegate, ValueTask> script)
    {
        var interceptor = new ScriptedInterceptor(script, atService);
        ServiceOptions service = new();
        ClientOptions client = new();
        (atService ? (RpcOptions)service : client).Interceptors.Add(interceptor);
        return RpcPair.StartAsync(Transport, service, client);
    }
}
