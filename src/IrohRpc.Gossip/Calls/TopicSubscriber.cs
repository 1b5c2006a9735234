using System.Buffers.Binary;
using System.Threading.Channels;
using IrohRpc.Broadcasts;
using IrohRpc.CompilerServices;
using IrohRpc.Gossip.Net;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Gossip.Calls;

/// <summary>Runs the calls of one contract over one topic.</summary>
internal sealed class TopicSubscriber<T> : TopicSubscription, ITopicListener
    where T : class, IContract<T>
{
    private readonly GossipTopic _topic;
    private readonly SubscriptionOptions _options;
    private readonly Dictionary<uint, string> _versions;
    private readonly Channel<ReadOnlyMemory<byte>> _queue;
    private readonly CancellationTokenSource _ending = new();
    private readonly BroadcastReceiver<T> _receiver;
    private readonly ReplayWindow _window;
    private readonly ILogger _log;
    private long _missed;
    private long _refused;

    public TopicSubscriber(GossipTopic topic, T subscriber, SubscriptionOptions options)
    {
        ServiceOptions limits = options.Limits ?? new();
        _topic = topic;
        _options = options;
        _versions = T.Descriptor.Alpns.ToDictionary(TopicCall.VersionId);
        _queue = Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        _receiver = new BroadcastReceiver<T>(subscriber, limits, _ending.Token);
        _window = new ReplayWindow(limits.TimeProvider, options.MaxAge, options.MaxRememberedCalls, options.MaxRememberedCallsPerOrigin);
        _log = limits.LoggerFactory.CreateLogger("IrohRpc.Gossip.Calls");
        topic.Attach(this);
        Completion = Task.Run(RunAsync);
    }

    public override long MissedCalls => Interlocked.Read(ref _missed);

    public override long RefusedCalls => Interlocked.Read(ref _refused);

    public override Task Completion { get; }

    public override async ValueTask DisposeAsync()
    {
        _topic.Detach(this);
        End();
        await _ending.CancelAsync().ConfigureAwait(false);
        await Completion.ConfigureAwait(false);
    }

    public void Receive(ReadOnlyMemory<byte> content)
    {
        if (!_queue.Writer.TryWrite(content))
        {
            Interlocked.Increment(ref _missed);
        }
    }

    public void End() => _queue.Writer.TryComplete();

    private async Task RunAsync()
    {
        await foreach (ReadOnlyMemory<byte> content in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (_ending.IsCancellationRequested)
            {
                break;
            }

            try
            {
                if (Run(content.Span) is { } problem)
                {
                    Refuse(problem);
                }
            }
            catch (Exception exception)
            {
                // The program's own: what decides about origins, a logger, a clock.
                GossipLog.CallFailed(_log, T.Descriptor.Name, exception);
            }
        }

        await _ending.CancelAsync().ConfigureAwait(false);
        await _receiver.WhenEndedAsync().ConfigureAwait(false);
    }

    private string? Run(ReadOnlySpan<byte> content)
    {
        // Which contract is called stands behind the signature, which costs more to check than to skip.
        if (TopicCall.Peek(content, out ReadOnlySpan<byte> versions) && NewestOf(versions) is null)
        {
            return null;
        }

        if (TopicCall.Read(_topic.Id, content, out TopicCall call) is { } problem)
        {
            return problem;
        }

        if (call.Origin is null && !_options.AcceptsUnsigned)
        {
            return "it is not signed";
        }

        if (call.Origin is { } origin && _options.AcceptOrigin is { } accept && !accept(origin))
        {
            return $"calls of {origin} are not taken";
        }

        return _window.TryTake(call.Origin, call.Time, call.Nonce) ?? _receiver.Deliver(call.Origin, NewestOf(call.Versions)!, call.Request);
    }

    // The caller names its newest first.
    private string? NewestOf(ReadOnlySpan<byte> versions)
    {
        for (; versions.Length >= sizeof(uint); versions = versions[sizeof(uint)..])
        {
            if (_versions.TryGetValue(BinaryPrimitives.ReadUInt32LittleEndian(versions), out string? alpn))
            {
                return alpn;
            }
        }

        return null;
    }

    private void Refuse(string problem)
    {
        Interlocked.Increment(ref _refused);
        GossipLog.CallRefused(_log, T.Descriptor.Name, problem);
    }
}
