using IrohRpc.CompilerServices;
using IrohRpc.Gossip.Calls;

namespace IrohRpc.Gossip;

/// <summary>Contracts over topics: a contract whose methods return nothing, called at all members at once.</summary>
public static class TopicContractExtensions
{
    /// <summary>
    /// An object whose methods are called at every subscriber of the topic, this program's own excepted. A call returns when it was handed to the neighbours' queues; nobody answers, and
    /// nobody says who was reached.
    /// </summary>
    /// <typeparam name="T">A contract of one-way methods that take values only; the compiler refuses others (IROHRPC060).</typeparam>
    /// <param name="topic">The topic.</param>
    /// <param name="options">How; null for the defaults: signed, to all members.</param>
    /// <returns>
    /// A proxy, safe for several threads. Its methods throw <see cref="RpcException"/> with <see cref="RpcStatusCode.ResourceExhausted"/> where the call is larger than
    /// <see cref="GossipTopic.MaxContentSize"/>, and <see cref="ObjectDisposedException"/> when the topic was left.
    /// </returns>
    public static T Broadcast<[OneWayContract] T>(this GossipTopic topic, BroadcastOptions? options = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(topic);
        return T.CreateProxy(TopicCaller.Create<T>(topic, options ?? new()));
    }

    /// <summary>
    /// Calls an object whenever a member calls the contract over the topic. Calls run one after the other in the order of their arrival; what a handler throws is logged. Messages that are no
    /// calls, and calls of other contracts, are not touched.
    /// </summary>
    /// <typeparam name="T">A contract of one-way methods that take values only; the compiler refuses others (IROHRPC060).</typeparam>
    /// <param name="topic">The topic.</param>
    /// <param name="subscriber">The object. A method that has a <see cref="CallContext"/> learns from it who made the call.</param>
    /// <param name="options">How; null for the defaults: signed calls of everybody. Not to be changed afterwards.</param>
    /// <returns>The subscription, which the caller owns. It ends with the topic's membership as well.</returns>
    public static TopicSubscription Subscribe<[OneWayContract] T>(this GossipTopic topic, T subscriber, SubscriptionOptions? options = null)
        where T : class, IContract<T>
    {
        ArgumentNullException.ThrowIfNull(topic);
        ArgumentNullException.ThrowIfNull(subscriber);
        OneWayContracts.Require(T.Descriptor);
        return new TopicSubscriber<T>(topic, subscriber, options ?? new());
    }
}
