using System.Security.Cryptography;
using IrohRpc.Broadcasts;
using IrohRpc.CompilerServices;

namespace IrohRpc.Gossip.Calls;

/// <summary>Makes messages of the calls of one proxy.</summary>
internal sealed class TopicCaller
{
    private readonly GossipTopic _topic;
    private readonly BroadcastOptions _options;
    private readonly uint[][] _versions;
    private ulong _nonce = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    private TopicCaller(GossipTopic topic, BroadcastOptions options, ContractDescriptor contract)
    {
        _topic = topic;
        _options = options;
        _versions = [.. contract.Methods.Select(method =>
            contract.Alpns.Where(alpn => contract.Has(method, alpn)).Take(TopicCall.MaxVersions).Select(TopicCall.VersionId).ToArray())];
    }

    /// <summary>What the proxy of a contract calls.</summary>
    public static CallInvoker Create<T>(GossipTopic topic, BroadcastOptions options)
        where T : class, IContract<T>
    {
        OneWayContracts.Require(T.Descriptor);
        var caller = new TopicCaller(topic, options, T.Descriptor);
        return new BroadcastInvoker(options.TimeProvider, topic.MaxContentSize, caller.Send);
    }

    private void Send(MethodDescriptor method, ReadOnlySpan<byte> request)
    {
        byte[] content = TopicCall.Write(
            _topic.Id,
            _options.IsSigned ? _topic.Sign : null,
            _topic.Self,
            _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds(),
            Interlocked.Increment(ref _nonce),
            _versions[method.Index],
            request);
        if (content.Length > _topic.MaxContentSize)
        {
            throw BroadcastInvoker.TooLarge(method, content.Length, _topic.MaxContentSize);
        }

        _topic.Send(content, !_options.ToNeighborsOnly);
    }
}
