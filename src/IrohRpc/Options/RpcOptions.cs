using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc;

/// <summary>The limits that one side of a connection sets, and how it answers calls. The values are read when the connection starts.</summary>
public abstract class RpcOptions
{
    // Lines in a second, for each method.
    private const int MostFailureLines = 100;

    // Timers take no more.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(24);

    private static readonly ConditionalWeakTable<PeerEndpoint, ByteBudget> Budgets = [];

    private TimeProvider? _timeProvider;
    private ILoggerFactory? _loggerFactory;

    private protected RpcOptions()
    {
    }

    /// <summary>
    /// The largest message in bytes where the method has no <see cref="MessageLimitAttribute"/>: arguments, result, item, report. Default 4 MiB; at
    /// least 1 KiB. What is larger is refused with <see cref="RpcStatusCode.ResourceExhausted"/> before it is buffered.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MessageLimit { get; set => field = Require(value, 1024, int.MaxValue, nameof(MessageLimit)); } = 4 * 1024 * 1024;

    /// <summary>How many calls of the peer may be in progress on a connection. Default 16,384; at most 1,048,576. More are answered <see cref="RpcStatusCode.ResourceExhausted"/>; one-way calls beyond it wait unread.</summary>
    public int MaxCallsInProgress { get; set => field = Require(value, 1, 1 << 20, nameof(MaxCallsInProgress)); } = 16 * 1024;

    /// <summary>How many bytes the fields of one frame may take: metadata, trace, message, fault. Default 16 KiB; at least 256, at most 1 MiB.</summary>
    public int MaxFieldBytes { get; set => field = Require(value, 256, 1 << 20, nameof(MaxFieldBytes)); } = 16 * 1024;

    /// <summary>How many objects the peer may hold of this side's on a connection. Default 4,096; at most 1,048,576. The peer is asked to release what it no longer uses before passing another fails.</summary>
    public int MaxObjects { get; set => field = Require(value, 1, 1 << 20, nameof(MaxObjects)); } = 4 * 1024;

    /// <summary>
    /// Whether an object that the peer passes as an argument is released when its call has ended, unless the handler keeps it with <see cref="RemoteObject.Keep"/>. Default yes.
    /// Where not, it is held until <see cref="RemoteObject.Release"/>, the garbage collector, or the end of the connection.
    /// </summary>
    public bool ReleaseObjectsWithCall { get; set; } = true;

    /// <summary>How many bytes may wait for the network before a caller waits as well. Default 1 MiB; at least 64 KiB, at most 1 GiB.</summary>
    public int MaxUnsentBytes { get; set => field = Require(value, 64 * 1024, 1 << 30, nameof(MaxUnsentBytes)); } = 1024 * 1024;

    /// <summary>
    /// How many bytes of one-way calls may wait for the network, in the order in which they were made. Default 16 MiB; at least 64 KiB, at most 1 GiB. A one-way call beyond it throws
    /// <see cref="RpcStatusCode.ResourceExhausted"/> to its caller, who may wait with <see cref="RpcConnection.FlushAsync"/>; <see cref="RpcConnection.RefusedOneWayCalls"/> counts them.
    /// </summary>
    public int MaxUnsentOneWayBytes { get; set => field = Require(value, 64 * 1024, 1 << 30, nameof(MaxUnsentOneWayBytes)); } = 16 * 1024 * 1024;

    /// <summary>
    /// How many bytes a peer may make a connection hold: requests that have arrived and those that are arriving, responses that the peer has not read, channels that wait for their call. Default 64 MiB; at
    /// least 1 MiB. The endpoint bounds what all of its connections hold together (<see cref="PeerEndpointOptions.MaxBufferedBytes"/>). What does not fit is refused with <see cref="RpcStatusCode.ResourceExhausted"/>, except for one message, which its own limit has admitted.
    /// </summary>
    public int MaxBufferedBytes { get; set => field = Require(value, 1 << 20, int.MaxValue, nameof(MaxBufferedBytes)); } = 64 * 1024 * 1024;

    /// <summary>How many entries of metadata a request may carry. Default 128; at most 16,384.</summary>
    public int MaxMetadataEntries { get; set => field = Require(value, 0, 16 * 1024, nameof(MaxMetadataEntries)); } = 128;

    /// <summary>How long a request on a stream of its own may take to arrive. Default two minutes; at least one second, at most 24 days.</summary>
    public TimeSpan RequestTimeout { get; set => field = Require(value, TimeSpan.FromSeconds(1), nameof(RequestTimeout)); } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How many calls on streams of their own the peer may give up in a second by resetting their streams, as a caller does that cancels. Where it gives up more, the streams that it opens wait until it
    /// has kept to this on average; nothing is refused. Default 1,000; at most 1,048,576.
    /// </summary>
    public int MaxAbandonedCallsPerSecond { get; set => field = Require(value, 1, 1 << 20, nameof(MaxAbandonedCallsPerSecond)); } = 1_000;

    /// <summary>
    /// How many values of a message may stand within each other: objects, collections, tuples. Default 256, at most 1,000. What arrives nested deeper is refused, because
    /// reading takes stack for each level; so is what is to be sent where that many objects are nested, also because it contains itself.
    /// </summary>
    public int MaxPayloadDepth
    {
        get;
        set => field = value is >= 1 and <= 1000
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(MaxPayloadDepth)} is from 1 to 1,000.");
    } = 256;

    /// <summary>
    /// How many bytes of memory each byte of a message may become, beyond 64 KiB that every message may. Default 32; at least 1. A list of a million nulls, say, becomes
    /// eight times as large as its message. What would become larger is refused before it is read.
    /// </summary>
    public int MaxPayloadExpansion { get; set => field = Require(value, 1, 1 << 20, nameof(MaxPayloadExpansion)); } = 32;

    /// <summary>
    /// How many pairs of the keys of a message's dictionaries and sets may have one hash code, each of which costs a comparison. Default a million, which takes some milliseconds; at least 1,000, at most 2^30. A message
    /// with more is refused. Keys of strings and numbers do not count, because they are hashed with a random seed.
    /// </summary>
    public int MaxKeyCollisions { get; set => field = Require(value, 1000, 1 << 30, nameof(MaxKeyCollisions)); } = 1_000_000;

    /// <summary>
    /// Whether type and message of an exception that a handler did not mean for the peer leave with <see cref="RpcStatusCode.Internal"/>. Default no:
    /// they are for the log alone.
    /// </summary>
    public bool ExposeExceptionDetails { get; set; }

    /// <summary>Whether the peer's calls run one at a time, in the order in which each caller made them. Default no: they run at once.</summary>
    public bool Sequential { get; set; }

    /// <summary>What runs around calls, in both directions: see docs/interceptors.md. Those of the endpoint come before.</summary>
    public InterceptorCollection Interceptors { get; private set; } = [];

    /// <summary>The clock of deadlines. Default the endpoint's, and the system's where there is no endpoint.</summary>
    public TimeProvider TimeProvider
    {
        get => _timeProvider ?? TimeProvider.System;
        set => _timeProvider = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Where log lines go. Default where the endpoint's go, and nowhere where there is no endpoint.</summary>
    public ILoggerFactory LoggerFactory
    {
        get => _loggerFactory ?? NullLoggerFactory.Instance;
        set => _loggerFactory = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>A copy that no later change reaches, with an endpoint's clock and log where none were set.</summary>
    /// <param name="endpoint">The endpoint; null where it is not bound yet.</param>
    internal RpcOptions CopyFor(PeerEndpoint? endpoint)
    {
        var copy = (RpcOptions)MemberwiseClone();
        copy.Interceptors = Interceptors.Behind(null);
        if (endpoint is null)
        {
            return copy;
        }

        copy._timeProvider ??= endpoint.TimeProvider;
        copy._loggerFactory ??= endpoint.LoggerFactory;
        copy.HandlerFailures = new LogRate<MethodDescriptor>(MostFailureLines);
        copy.OneWayFailures = new LogRate<MethodDescriptor>(MostFailureLines);
        copy.Interceptors = EndpointInterceptorExtensions.Combine(endpoint, Interceptors);
        copy.EndpointBudget = Budgets.GetValue(endpoint, static endpoint => new ByteBudget(endpoint.MaxBufferedBytes));
        return copy;
    }

    /// <summary>Whether <see cref="CallContext.Current"/> is set for handlers.</summary>
    internal virtual bool FlowsContext => false;

    internal PayloadLimits PayloadLimits => new(MaxPayloadDepth, MaxPayloadExpansion, MaxKeyCollisions);

    /// <summary>How far what is written for a method may go.</summary>
    internal WriteBounds BoundsFor(CompilerServices.MethodDescriptor method) => new(method.MessageLimit ?? MessageLimit, MaxPayloadDepth);

    private protected bool HasSameLimits(RpcOptions other)
        => MessageLimit == other.MessageLimit
            && MaxCallsInProgress == other.MaxCallsInProgress
            && MaxFieldBytes == other.MaxFieldBytes
            && MaxObjects == other.MaxObjects
            && MaxUnsentBytes == other.MaxUnsentBytes
            && MaxUnsentOneWayBytes == other.MaxUnsentOneWayBytes
            && MaxBufferedBytes == other.MaxBufferedBytes
            && MaxMetadataEntries == other.MaxMetadataEntries
            && RequestTimeout == other.RequestTimeout
            && MaxAbandonedCallsPerSecond == other.MaxAbandonedCallsPerSecond
            && PayloadLimits == other.PayloadLimits
            && ExposeExceptionDetails == other.ExposeExceptionDetails
            && Sequential == other.Sequential
            && ReleaseObjectsWithCall == other.ReleaseObjectsWithCall
            && Interceptors.HasSameAs(other.Interceptors)
            && ReferenceEquals(TimeProvider, other.TimeProvider)
            && ReferenceEquals(LoggerFactory, other.LoggerFactory);

    /// <summary>How often handlers that throw are logged, over all connections that have these options.</summary>
    internal LogRate<MethodDescriptor> HandlerFailures { get; private set; } = new(MostFailureLines);

    /// <summary>How often one-way calls that may not have arrived are logged, over all connections that have these options.</summary>
    internal LogRate<MethodDescriptor> OneWayFailures { get; private set; } = new(MostFailureLines);

    /// <summary>What all connections of the endpoint hold together; null where there is no endpoint.</summary>
    internal ByteBudget? EndpointBudget { get; private set; }

    private protected static TimeSpan Require(TimeSpan value, TimeSpan least, string name)
        => value >= least && value <= LongestTimer
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is at least {least} and at most {LongestTimer}.");

    private static int Require(int value, int least, int most, string name) => (int)Require((long)value, least, most, name);

    private static long Require(long value, long least, long most, string name)
        => value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is at least {least} and at most {most}.");
}
