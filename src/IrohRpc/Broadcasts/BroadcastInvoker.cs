using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.Broadcasts;

/// <summary>Hands the one-way calls of a proxy to something that sends messages, such as a topic.</summary>
/// <param name="clock">The clock of deadlines.</param>
/// <param name="messageLimit">The largest message in bytes that can be sent.</param>
/// <param name="send">Sends the body of a request, which is valid until it returns.</param>
internal sealed class BroadcastInvoker(TimeProvider clock, int messageLimit, Action<MethodDescriptor, ReadOnlySpan<byte>> send) : CallInvoker
{
    private static readonly Pool<CallBuffer> Bodies = new(64, static () => new CallBuffer());

    internal override EndpointId PeerId => throw new InvalidOperationException("A call over a topic goes to everybody.");

    internal override TimeProvider TimeProvider => clock;

    // An endless enumerable is given up soon after no message can hold it.
    internal override RpcOptions Options { get; } = new ClientOptions { TimeProvider = clock, MessageLimit = Math.Max(messageLimit, 64 * 1024) };

    internal override TimeSpan? Timeout => null;

    internal override string? Alpn => null;

    internal override bool Supports(MethodDescriptor method) => true;

    internal override void PostFailed(MethodDescriptor method, Exception failure)
    {
        // Whoever makes the call gets what it failed with.
    }

    internal override void Send(OutgoingCall call)
    {
        if (call.Arguments.Length > messageLimit)
        {
            throw TooLarge(call.Method, call.Arguments.Length, messageLimit);
        }

        if (call.Method.Result != ResultKind.OneWay || call.StreamsOrNull is not null || call.PassesObjects)
        {
            throw new NotSupportedException($"{call.Method} cannot be broadcast: it is no one-way method that takes values only.");
        }

        CallBuffer body = Bodies.Rent();
        try
        {
            ReadOnlySpan<byte> fields = call.WriteFields(null);
            body.Advance(WireFormat.WriteRequestHead(
                body.GetSpan(WireFormat.LargestHead), call: 0, target: 0, call.Method.NameId, call.Method.SignatureId, fields.Length));
            body.Write(fields);
            body.Write(call.Arguments.Span);
            if (call.TakenBy(null, 0))
            {
                send(call.Method, body.WrittenSpan);
                call.Posted();
            }
        }
        finally
        {
            body.Clear();
            Bodies.Return(body);
        }
    }

    /// <summary>What the caller of a call gets that does not fit a message.</summary>
    internal static RpcException TooLarge(MethodDescriptor method, int length, int limit) => new(
        RpcStatusCode.ResourceExhausted,
        $"A call of {method} takes {length} bytes, and a message over a topic has at most {limit}. Send the hash of a blob instead.");
}
