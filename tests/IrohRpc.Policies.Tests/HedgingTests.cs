using System.Threading.Channels;
using IrohRpc.Extensions.Policies;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Policies.Tests;

public sealed class HedgingTests
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(17);

    private readonly Clock _clock = new();
    private readonly Desk _desk = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Second_attempt_answers_where_the_first_takes_long_and_the_first_is_cancelled()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _desk.Answers.Add(async (_, token) =>
        {
            entered.SetResult();
            await using CancellationTokenRegistration registration = token.Register(cancelled.SetResult);
            await cancelled.Task;
            return -1;
        });
        _desk.Answers.Add((number, _) => ValueTask.FromResult(number));
        await using Peers peers = await StartAsync();
        Task<int> call = Connect(peers).AskAsync(5, Token).AsTask();
        await _clock.WaitForTimerAsync(Delay);
        await entered.Task.WaitAsync(Peers.Bound, Token);
        Assert.Equal(1, Volatile.Read(ref _desk.Asked));
        _clock.Advance(Delay);
        Assert.Equal(5, await call.WaitAsync(Peers.Bound, Token));
        await cancelled.Task.WaitAsync(Peers.Bound, Token);
    }

    [Fact]
    public async Task Failure_that_is_not_fatal_makes_the_next_attempt_at_once()
    {
        _desk.Answers.Add((_, _) => throw new RpcException(RpcStatusCode.ResourceExhausted, "Busy."));
        _desk.Answers.Add((number, _) => ValueTask.FromResult(number));
        await using Peers peers = await StartAsync();
        Assert.Equal(5, await Connect(peers).AskAsync(5, Token).AsTask().WaitAsync(Peers.Bound, Token));
        Assert.Equal(2, _desk.Asked);
    }

    [Theory]
    [InlineData(RpcStatusCode.InvalidArgument, 1)]
    [InlineData(RpcStatusCode.ResourceExhausted, 2)]
    public async Task Failure_is_the_outcome_where_it_is_fatal_or_the_last(RpcStatusCode status, int attempts)
    {
        _desk.Answers.Add((_, _) => throw new RpcException(status, "No."));
        await using Peers peers = await StartAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => Connect(peers).AskAsync(5, Token).AsTask().WaitAsync(Peers.Bound, Token));
        Assert.Equal((status, attempts), (error.StatusCode, _desk.Asked));
    }

    [Fact]
    public async Task Spent_budget_leaves_one_attempt()
    {
        var budget = new RetryBudget(2);
        budget.RecordFailure();
        Assert.False(budget.AllowsRetry);
        _desk.Answers.Add((_, _) => throw new RpcException(RpcStatusCode.ResourceExhausted, "Busy."));
        await using Peers peers = await StartAsync();
        await Assert.ThrowsAsync<RpcException>(() => Connect(peers, budget).AskAsync(5, Token).AsTask().WaitAsync(Peers.Bound, Token));
        Assert.Equal(1, _desk.Asked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Channel_makes_a_lost_call_again_while_the_budget_allows(bool isSpent)
    {
        var budget = new RetryBudget(4);
        if (isSpent)
        {
            budget.RecordFailure();
        }

        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        _desk.Answers.Add((_, _) =>
        {
            entered.SetResult();
            return new ValueTask<int>(never.Task);
        });
        _desk.Answers.Add((number, _) => ValueTask.FromResult(number));
        await using Peers peers = await StartAsync();
        IDesk proxy = peers.Connect<IDesk>(options: new ClientOptions { RetryBudget = budget });
        Task<int> call = proxy.AskAsync(5, Token).AsTask();
        await entered.Task.WaitAsync(Peers.Bound, Token);
        peers.Network.LoseConnection(PeerChannel.GetConnection(proxy)!.Connection);
        if (isSpent)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(Peers.Bound, Token));
            Assert.Equal((RpcStatusCode.Unavailable, 1), (error.StatusCode, _desk.Asked));
        }
        else
        {
            Assert.Equal(5, await call.WaitAsync(Peers.Bound, Token));
        }

        never.SetResult(0);
    }

    [Fact]
    public async Task Method_that_is_not_idempotent_is_left_alone()
    {
        await using Peers peers = await StartAsync();
        Assert.Equal(6, await Connect(peers).TellAsync(5, "x", Token));
        Assert.False(_clock.HasTimer(Delay));
    }

    [Fact]
    public async Task Cancelled_caller_ends_all_attempts()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _desk.Answers.Add(async (_, token) =>
        {
            await using CancellationTokenRegistration registration = token.Register(cancelled.SetResult);
            await cancelled.Task;
            return -1;
        });
        await using Peers peers = await StartAsync();
        using var cancellation = new CancellationTokenSource();
        Task<int> call = Connect(peers).AskAsync(5, cancellation.Token).AsTask();
        await _clock.WaitForTimerAsync(Delay);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.WaitAsync(Peers.Bound, Token));
    }

    [Fact]
    public void Budget_is_spent_by_failures_and_earned_by_successes()
    {
        var budget = new RetryBudget(maxTokens: 4, tokenRatio: 0.5);
        Assert.True(budget.RecordFailure());
        Assert.False(budget.RecordFailure());
        Assert.False(budget.AllowsRetry);
        budget.RecordSuccess();
        Assert.True(budget.AllowsRetry);
        for (int i = 0; i < 100; i++)
        {
            budget.RecordSuccess();
        }

        Assert.True(budget.RecordFailure());
        Assert.False(budget.RecordFailure());
    }

    private Task<Peers> StartAsync() => Peers.StartAsync<IDesk>(_desk, static (_, _) => { });

    private IDesk Connect(Peers peers, RetryBudget? budget = null)
    {
        var options = new ClientOptions { TimeProvider = _clock };
        options.Interceptors.AddHedging(hedging =>
        {
            hedging.HedgingDelay = Delay;
            hedging.RetryBudget = budget;
        });
        return peers.Connect<IDesk>(options: options);
    }

    /// <summary>A fake clock that tells of its timers.</summary>
    private sealed class Clock : FakeTimeProvider
    {
        private readonly Channel<TimeSpan> _created = Channel.CreateUnbounded<TimeSpan>();
        private readonly List<TimeSpan> _timers = [];

        public bool HasTimer(TimeSpan dueTime)
        {
            lock (_timers)
            {
                return _timers.Contains(dueTime);
            }
        }

        public async Task WaitForTimerAsync(TimeSpan dueTime)
        {
            while (!HasTimer(dueTime))
            {
                await _created.Reader.ReadAsync(Token).AsTask().WaitAsync(Peers.Bound, Token);
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ITimer timer = base.CreateTimer(callback, state, dueTime, period);
            lock (_timers)
            {
                _timers.Add(dueTime);
            }

            _created.Writer.TryWrite(dueTime);
            return timer;
        }
    }
}
