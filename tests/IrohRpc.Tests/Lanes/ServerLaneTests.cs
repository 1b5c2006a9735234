using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;
using IrohRpc.Internal;

namespace IrohRpc.Tests;

/// <summary>The handler's end of a lane, from within.</summary>
public sealed class ServerLaneTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Once an answer leaves, the caller may use its number again: a lane that still knew it then would take itself for broken.</summary>
    [Fact]
    public async Task Number_of_a_call_is_free_before_its_answer_can_leave()
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        var listener = new HeldListener();
        long target = peer.Pair.Server.Pass<IListener>(listener).Number;
        PeerStream stream = await peer.OpenLaneAsync(Hear(target));
        await listener.IsAwaited.Task.Soon();
        AnswerWhileTheLaneIsHeld(LanesOf(InboundOf(peer.Pair.Server)).Single(), listener);
        Assert.Equal((byte)FrameType.Response, (await RawPeer.ReadAsync(stream))!.Value.Type);
        await stream.WriteAsync(Hear(target), Token).Soon();
        Assert.Equal((byte)FrameType.Response, (await RawPeer.ReadAsync(stream))!.Value.Type);
    }

    private static void AnswerWhileTheLaneIsHeld(ServerLane lane, HeldListener listener)
    {
        var answering = new Thread(listener.Answer);
        lock (GateOf(CallsOf(lane)))
        {
            answering.Start();
            Assert.True(SpinWait.SpinUntil(() => (answering.ThreadState & ThreadState.WaitSleepJoin) != 0, RpcPair.Bound), "Nobody wants to forget the number.");
            Assert.False(SenderOf(lane).HasPending);
        }

        answering.Join();
    }

    private static byte[] Hear(long target)
    {
        Span<byte> number = stackalloc byte[VarInt.MaxLength];
        return RawPeer.Frame((byte)FrameType.Request, [1, .. number[..VarInt.Write(number, target)], .. RawPeer.Id("Hear", "(string)->string"), 0, 0, 0, 0, 0]);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_inbound")]
    private static extern ref InboundCalls InboundOf(PeerRpcConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lanes")]
    private static extern ref List<ServerLane> LanesOf(InboundCalls calls);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_calls")]
    private static extern ref CallsInProgress CallsOf(ServerLane lane);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_gate")]
    private static extern ref Lock GateOf(CallsInProgress calls);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_sender")]
    private static extern ref FrameSender SenderOf(ServerLane lane);

    /// <summary>Answers its first call on the thread that says so, and the others at once.</summary>
    private sealed class HeldListener : IListener, IValueTaskSource<string>
    {
        private Action? _continue;
        private bool _answered;

        public TaskCompletionSource IsAwaited { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask<string> HearAsync(string text, CancellationToken cancellationToken)
            => _answered ? ValueTask.FromResult("at once") : new ValueTask<string>(this, 0);

        public void Answer()
        {
            _answered = true;
            _continue!();
        }

        public string GetResult(short token) => "held";

        public ValueTaskSourceStatus GetStatus(short token) => _answered ? ValueTaskSourceStatus.Succeeded : ValueTaskSourceStatus.Pending;

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        {
            _continue = () => continuation(state);
            IsAwaited.SetResult();
        }
    }
}
