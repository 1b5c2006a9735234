using System.Threading.Channels;
using IrohRpc.Gossip.Tests.Support;

namespace IrohRpc.Gossip.Tests.Calls;

/// <summary>Contracts of one-way methods, called at all members of a topic, over real connections.</summary>
public sealed class TopicContractTests : IAsyncLifetime
{
    // A bound and no wait: whoever waits longer than this waits for what never comes.
    private const int Patience = 120_000;

    private readonly Members _peers = new();
    private readonly List<IAsyncDisposable> _subscriptions = [];
    private Member[] _members = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        for (int i = 0; i < 3; i++)
        {
            _members = [.. _members, await _peers.AddAsync(_members)];
        }

        // A call is made once: it has to find its way.
        await _peers.WhenConnectedAsync(_members);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable subscription in _subscriptions)
        {
            await subscription.DisposeAsync();
        }

        await _peers.DisposeAsync();
    }

    [Fact(Timeout = Patience)]
    public async Task A_call_runs_at_every_other_member_and_says_who_made_it()
    {
        var boards = _members.Select(static _ => new Board()).ToArray();
        TopicSubscription[] subscriptions = [.. _members.Zip(boards, static (member, board) => member.Topic.Subscribe<IBoard>(board))];
        _subscriptions.AddRange(subscriptions);
        IBoard everybody = _members[0].Topic.Broadcast<IBoard>();

        everybody.Post("hello", new CallContext(), Cancellation);
        everybody.Post("hello", new CallContext(), Cancellation);
        everybody.Move(3, 4, new CallContext(), Cancellation);

        foreach (Board board in boards[1..])
        {
            string[] heard = [await board.HeardAsync(), await board.HeardAsync(), await board.HeardAsync()];
            string origin = _members[0].Endpoint.Id.ToShortString();
            Assert.Equal([$"hello by {origin} as board/2", $"hello by {origin} as board/2", $"3 to 4 by {origin} as board/2"], heard.Order(StringComparer.Ordinal).Reverse().ToArray());
        }

        Assert.False(boards[0].HasHeard);
        Assert.All(subscriptions, static subscription => Assert.Equal((0, 0), (subscription.RefusedCalls, subscription.MissedCalls)));
    }

    [Fact(Timeout = Patience)]
    public async Task Metadata_travels_with_a_call()
    {
        var board = new Board();
        _subscriptions.Add(_members[1].Topic.Subscribe<IBoard>(board));
        var context = new CallContext();
        context.Metadata.Add("colour", "red");
        _members[0].Topic.Broadcast<IBoard>().Post("painted", context, Cancellation);
        Assert.Contains("painted red", await board.HeardAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task Old_and_new_members_hear_what_both_versions_have()
    {
        var older = new OldBoard();
        var newer = new Board();
        _subscriptions.AddRange([_members[1].Topic.Subscribe<Old.IBoard>(older), _members[2].Topic.Subscribe<IBoard>(newer)]);

        IBoard everybody = _members[0].Topic.Broadcast<IBoard>();
        everybody.Move(1, 2, new CallContext(), Cancellation);
        Assert.StartsWith("1 to 2", await newer.HeardAsync(), StringComparison.Ordinal);
        everybody.Post("both", new CallContext(), Cancellation);
        Assert.StartsWith("both", await newer.HeardAsync(), StringComparison.Ordinal);
        Assert.EndsWith("as board/1", await older.HeardAsync(), StringComparison.Ordinal);

        _members[0].Topic.Broadcast<Old.IBoard>().Post("from the old", new CallContext(), Cancellation);
        Assert.EndsWith("as board/1", await newer.HeardAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task Contracts_and_plain_messages_share_a_topic()
    {
        var board = new Board();
        var other = new OtherBoard();
        _subscriptions.AddRange([_members[1].Topic.Subscribe<IBoard>(board), _members[1].Topic.Subscribe<IOther>(other)]);
        _members[0].Topic.Broadcast<IBoard>().Post("one", new CallContext(), Cancellation);
        _members[0].Topic.Broadcast<IOther>().Post("two", new CallContext(), Cancellation);
        await _members[0].Topic.BroadcastAsync("plain"u8.ToArray(), Cancellation);

        Assert.StartsWith("one", await board.HeardAsync(), StringComparison.Ordinal);
        Assert.StartsWith("two", await other.HeardAsync(), StringComparison.Ordinal);
        while (!(await _members[1].MessageAsync()).Content.Span.SequenceEqual("plain"u8))
        {
        }

        Assert.False(board.HasHeard);
    }

    [Fact(Timeout = Patience)]
    public async Task Unsigned_calls_are_taken_by_those_only_who_say_so()
    {
        var strict = new Board();
        var open = new Board();
        var log = new RefusalLog();
        TopicSubscription refusing = _members[1].Topic.Subscribe<IBoard>(strict, new SubscriptionOptions { Limits = new() { LoggerFactory = log } });
        _subscriptions.AddRange([refusing, _members[2].Topic.Subscribe<IBoard>(open, new SubscriptionOptions { AcceptsUnsigned = true })]);

        _members[0].Topic.Broadcast<IBoard>(new BroadcastOptions { IsSigned = false }).Post("who?", new CallContext(), Cancellation);
        Assert.StartsWith("who? by nobody", await open.HeardAsync(), StringComparison.Ordinal);
        Assert.Contains("it is not signed", await log.RefusalAsync(), StringComparison.Ordinal);
        _members[0].Topic.Broadcast<IBoard>().Post("me", new CallContext(), Cancellation);
        Assert.StartsWith("me", await strict.HeardAsync(), StringComparison.Ordinal);
        Assert.Equal(1, refusing.RefusedCalls);
    }

    [Fact(Timeout = Patience)]
    public async Task A_subscriber_chooses_whose_calls_it_takes()
    {
        var board = new Board();
        var log = new RefusalLog();
        EndpointId friend = _members[2].Endpoint.Id;
        TopicSubscription subscription = _members[1].Topic.Subscribe<IBoard>(board, new SubscriptionOptions { AcceptOrigin = origin => origin == friend, Limits = new() { LoggerFactory = log } });
        _subscriptions.Add(subscription);
        var bystander = new Board();
        _subscriptions.Add(_members[2].Topic.Subscribe<IBoard>(bystander));

        _members[0].Topic.Broadcast<IBoard>().Post("stranger", new CallContext(), Cancellation);
        Assert.StartsWith("stranger", await bystander.HeardAsync(), StringComparison.Ordinal);
        Assert.Contains("are not taken", await log.RefusalAsync(), StringComparison.Ordinal);
        _members[2].Topic.Broadcast<IBoard>().Post("friend", new CallContext(), Cancellation);
        Assert.StartsWith("friend", await board.HeardAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task A_call_that_is_too_large_fails_alone()
    {
        var board = new Board();
        _subscriptions.Add(_members[1].Topic.Subscribe<IBoard>(board));
        IBoard everybody = _members[0].Topic.Broadcast<IBoard>();
        foreach (int length in (int[])[5_000, 100_000])
        {
            Exception failure = Assert.ThrowsAny<Exception>(() => everybody.Post(new string('x', length), new CallContext(), Cancellation));
            Assert.Equal(RpcStatusCode.ResourceExhausted, Assert.IsType<RpcException>(failure).StatusCode);
        }

        everybody.Post("short", new CallContext(), Cancellation);
        Assert.StartsWith("short", await board.HeardAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task A_handler_that_throws_ends_its_own_call_only()
    {
        var board = new Board();
        _subscriptions.Add(_members[1].Topic.Subscribe<IBoard>(board));
        IBoard everybody = _members[0].Topic.Broadcast<IBoard>();
        everybody.Post("throw", new CallContext(), Cancellation);
        everybody.Post("go on", new CallContext(), Cancellation);
        Assert.StartsWith("go on", await board.HeardAsync(), StringComparison.Ordinal);
    }

    [Fact(Timeout = Patience)]
    public async Task Leaving_the_topic_ends_its_subscriptions_and_its_proxies()
    {
        TopicSubscription subscription = _members[1].Topic.Subscribe<IBoard>(new Board());
        IBoard everybody = _members[1].Topic.Broadcast<IBoard>();
        await _members[1].Topic.DisposeAsync();
        await subscription.Completion.WaitAsync(Cancellation);
        Assert.Throws<ObjectDisposedException>(() => everybody.Post("late", new CallContext(), Cancellation));
        await _members[1].Topic.Subscribe<IBoard>(new Board()).Completion.WaitAsync(Cancellation);
    }

    private class Board : IBoard
    {
        private readonly Channel<string> _heard = Channel.CreateUnbounded<string>();

        public bool HasHeard => _heard.Reader.TryPeek(out _);

        public void Post(string text, CallContext context, CancellationToken cancellationToken)
        {
            if (text == "throw")
            {
                throw new InvalidOperationException("as asked");
            }

            Hear($"{text}{(context.Metadata.Count > 0 ? " " + context.Metadata["colour"] : "")}", context);
        }

        public void Move(int piece, int square, CallContext context, CancellationToken cancellationToken) => Hear($"{piece} to {square}", context);

        public async Task<string> HeardAsync() => await _heard.Reader.ReadAsync(Cancellation);

        protected void Hear(string what, CallContext context)
        {
            string who;
            try
            {
                who = context.PeerId.ToShortString();
            }
            catch (InvalidOperationException)
            {
                who = "nobody";
            }

            _heard.Writer.TryWrite($"{what} by {who} as {context.Alpn}");
        }
    }

    private sealed class OldBoard : Board, Old.IBoard;

    private sealed class OtherBoard : Board, IOther;
}
