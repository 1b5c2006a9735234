using IrohRpc.Calls;
using IrohRpc.CompilerServices;
using IrohRpc.Interceptors;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests;

/// <summary>Turns of a connection among those of others, without a thread pool.</summary>
public sealed class LaunchQueueTests
{
    private readonly Queue<IThreadPoolWorkItem> _pool = new();

    [Fact]
    public void Connection_that_sends_many_calls_has_one_turn_among_those_of_others()
    {
        List<string> ran = [];
        var greedy = new LaunchQueue(_pool.Enqueue);
        var modest = new LaunchQueue(_pool.Enqueue);
        for (int call = 0; call < 1_000; call++)
        {
            greedy.Add(new Work(() => ran.Add("greedy")));
        }

        modest.Add(new Work(() => ran.Add("modest")));
        Assert.Equal(2, _pool.Count);
        Drain();
        Assert.Equal(1, ran.IndexOf("modest"));
        Assert.Equal(1_001, ran.Count);
    }

    [Fact]
    public void Next_call_is_on_its_way_before_the_one_before_it_runs()
    {
        var queue = new LaunchQueue(_pool.Enqueue);
        int waiting = 0;
        queue.Add(new Work(() => waiting = _pool.Count));
        queue.Add(new Work(static () => { }));
        Drain();
        Assert.Equal(1, waiting);
    }

    [Fact]
    public void Call_that_is_added_while_another_runs_is_not_forgotten()
    {
        var queue = new LaunchQueue(_pool.Enqueue);
        bool ran = false;
        queue.Add(new Work(() => queue.Add(new Work(() => ran = true))));
        Drain();
        Assert.True(ran);
        Assert.Empty(_pool);
    }

    [Fact]
    public void Connection_whose_calls_are_all_given_up_at_once_has_one_turn_among_those_of_others()
    {
        var greedy = new Host(_pool.Enqueue);
        var modest = new Host(_pool.Enqueue);
        List<string> fired = [];
        for (int call = 0; call < 1_000; call++)
        {
            HandlerSignal.Fire(greedy, MakeSource(() => fired.Add("greedy")));
        }

        HandlerSignal.Fire(modest, MakeSource(() => fired.Add("modest")));
        Assert.Equal(2, _pool.Count);
        Drain();
        Assert.Equal(1, fired.IndexOf("modest"));
        Assert.Equal(1_001, fired.Count);
    }

    [Fact]
    public void Connection_whose_deadlines_are_all_over_at_once_has_one_turn_among_those_of_others()
    {
        var host = new Host(_pool.Enqueue);
        int fired = 0;
        for (int call = 0; call < 1_000; call++)
        {
            var cancellation = new HandlerCancellation();
            cancellation.Begin(HandlerCancellation.ReadDeadline(host, 1_000_000));
            cancellation.GetToken(host, isOneWay: call % 2 == 0).Register(() => fired++);
        }

        host.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Single(_pool);
        Assert.Equal(0, fired);
        Drain();
        Assert.Equal(1_000, fired);
    }

    [Fact]
    public void Callback_of_a_handlers_that_throws_stops_no_other_signal()
    {
        var host = new Host(_pool.Enqueue);
        bool fired = false;
        HandlerSignal.Fire(host, MakeSource(static () => throw new InvalidOperationException("A handler's.")));
        HandlerSignal.Fire(host, MakeSource(() => fired = true));
        Drain();
        Assert.True(fired);
    }

    private static CancellationTokenSource MakeSource(Action fired)
    {
        var source = new CancellationTokenSource();
        source.Token.Register(fired);
        return source;
    }

    private void Drain()
    {
        while (_pool.TryDequeue(out IThreadPoolWorkItem? work))
        {
            work.Execute();
        }
    }

    private sealed class Host(Action<IThreadPoolWorkItem> schedule) : ICallHost
    {
        public FakeTimeProvider Clock { get; } = new();

        public RpcOptions Options => field ??= new ServiceOptions { TimeProvider = Clock };

        public InterceptorPipeline? Interceptors => null;

        public RpcConnection? Connection => null;

        public EndpointId PeerId => throw new NotSupportedException();

        public string Alpn => "none/1";

        public CancellationToken Stopping => CancellationToken.None;

        public CancellationToken Ending => CancellationToken.None;

        public LaunchQueue Signals { get; } = new(schedule);

        public void HandlerEnded()
        {
        }

        public void RunEndings(List<Func<ValueTask>> endings)
        {
        }

        public void LogHandlerFailed(MethodDescriptor method, Exception exception)
        {
        }

        public void LogCompletionFailed(Exception exception)
        {
        }

        public void LogRejected(RpcStatusCode status, string message)
        {
        }
    }

    private sealed class Work(Action run) : ILaneWork
    {
        public ILaneWork? Next { get; set; }

        public void Run() => run();
    }
}
