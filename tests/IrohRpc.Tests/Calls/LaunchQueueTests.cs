using IrohRpc.Calls;

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

    private void Drain()
    {
        while (_pool.TryDequeue(out IThreadPoolWorkItem? work))
        {
            work.Execute();
        }
    }

    private sealed class Work(Action run) : ILaneWork
    {
        public ILaneWork? Next { get; set; }

        public void Run() => run();
    }
}
